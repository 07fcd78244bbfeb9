package dev.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

class SvidValidatorTest {
  private static final String ORDERS = "spiffe://cluster.local/ns/default/sa/orders";
  private final TestAuthority root = TestAuthority.root("root");
  private final TestAuthority issuer = root.intermediate("issuer");

  private SvidValidator validator(List<X509Certificate> roots, Set<String> withdrawn) {
    return new SvidValidator("cluster.local", roots, withdrawn, Clock.systemUTC());
  }

  private SvidValidator validator() {
    return validator(Collections.singletonList(root.certificate), Collections.emptySet());
  }

  private static X509Certificate[] chain(Svid svid) {
    return svid.chain().toArray(new X509Certificate[0]);
  }

  @Test
  void acceptsAnSvidAndNamesItsWorkload() throws CertificateException {
    PeerIdentity peer = validator().validate(chain(issuer.issue(ORDERS)));
    assertThat(peer.spiffeId()).isEqualTo(ORDERS);
    assertThat(peer.principal()).isEqualTo("cluster.local/ns/default/sa/orders");
    assertThat(peer.namespace()).isEqualTo("default");
    assertThat(peer.serviceAccount()).isEqualTo("orders");
  }

  @Test
  void acceptsADnsNameBesideTheUri() throws CertificateException {
    Svid svid = issuer.issue(leaf -> leaf.dns = Collections.singletonList("orders.example"));
    assertThat(validator().validate(chain(svid)).spiffeId()).isEqualTo(ORDERS);
  }

  @Test
  void acceptsAChainThatEndsInTheRoot() throws CertificateException {
    Svid svid = issuer.issue(ORDERS);
    X509Certificate[] whole = Arrays.copyOf(chain(svid), 3);
    whole[2] = root.certificate;
    assertThat(validator().validate(whole).spiffeId()).isEqualTo(ORDERS);
  }

  private static Map<String, Consumer<TestAuthority.Leaf>> bad() {
    Map<String, Consumer<TestAuthority.Leaf>> bad = new LinkedHashMap<>();
    bad.put("no URI", l -> l.uris = Collections.emptyList());
    bad.put("two URIs", l -> l.uris = Arrays.asList(ORDERS, ORDERS + "2"));
    bad.put("another scheme", l -> l.uris = Arrays.asList("https://cluster.local/x"));
    bad.put("upper-case scheme", l -> l.uris = Arrays.asList(ORDERS.replace("spiffe", "Spiffe")));
    bad.put("a port", l -> l.uris = Arrays.asList("spiffe://cluster.local:80/x"));
    bad.put("user information", l -> l.uris = Arrays.asList("spiffe://me@cluster.local/x"));
    bad.put("a query", l -> l.uris = Arrays.asList(ORDERS + "?x=1"));
    bad.put("a fragment", l -> l.uris = Arrays.asList(ORDERS + "#x"));
    bad.put("a trailing slash", l -> l.uris = Arrays.asList(ORDERS + "/"));
    bad.put("a dot segment", l -> l.uris = Arrays.asList("spiffe://cluster.local/ns/../x"));
    bad.put("an empty segment", l -> l.uris = Arrays.asList("spiffe://cluster.local//x"));
    bad.put("an encoded character", l -> l.uris = Arrays.asList("spiffe://cluster.local/%78"));
    bad.put("no path", l -> l.uris = Arrays.asList("spiffe://cluster.local"));
    bad.put("another trust domain", l -> l.uris = Arrays.asList("spiffe://other.local/x"));
    bad.put("a longer trust domain", l -> l.uris = Arrays.asList("spiffe://cluster.local.x/x"));
    bad.put("a shorter trust domain", l -> l.uris = Arrays.asList("spiffe://cluster/x"));
    bad.put("a CA", l -> l.ca = true);
    bad.put("keyCertSign", l -> l.usage = KeyUsage.digitalSignature | KeyUsage.keyCertSign);
    bad.put("cRLSign", l -> l.usage = KeyUsage.digitalSignature | KeyUsage.cRLSign);
    bad.put("no digitalSignature", l -> l.usage = KeyUsage.keyEncipherment);
    bad.put("no key usage", l -> l.usage = 0);
    bad.put(
        "only serverAuth", l -> l.purposes = new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth});
    bad.put(
        "only clientAuth", l -> l.purposes = new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth});
    bad.put("no extended key usage", l -> l.purposes = new KeyPurposeId[0]);
    bad.put("expired", l -> l.end = Instant.now().minusSeconds(1));
    bad.put("not yet valid", l -> l.start = Instant.now().plusSeconds(60));
    bad.put("SHA-1", l -> l.algorithm = "SHA1withECDSA");
    bad.put("RSA 1536", l -> l.keys = TestAuthority.rsa(1536));
    bad.put("P-192", l -> l.keys = TestAuthority.small());
    bad.put("DSA", l -> l.keys = TestAuthority.dsa());
    bad.put("RSA 1024", l -> l.keys = TestAuthority.rsa(1024));
    return bad;
  }

  @Test
  void refusesWhatIsNoSvid() {
    SvidValidator validator = validator();
    bad()
        .forEach(
            (what, how) ->
                assertThatThrownBy(() -> validator.validate(chain(issuer.issue(how))))
                    .as(what)
                    .isInstanceOf(CertificateException.class));
  }

  @Test
  void refusesForeignAndExpiredIssuers() {
    TestAuthority stranger = TestAuthority.root("root").intermediate("issuer");
    TestAuthority oldRoot = TestAuthority.root("old", Instant.now().minusSeconds(10));
    TestAuthority oldIssuer = root.intermediate("late", Instant.now().minusSeconds(10));
    assertThatThrownBy(() -> validator().validate(chain(stranger.issue(ORDERS))))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(() -> validator().validate(chain(oldIssuer.issue(ORDERS))))
        .isInstanceOf(CertificateException.class);
    SvidValidator trustsOld =
        validator(Collections.singletonList(oldRoot.certificate), Collections.emptySet());
    assertThatThrownBy(() -> trustsOld.validate(chain(oldRoot.intermediate("i").issue(ORDERS))))
        .as("an expired root")
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void refusesWhatTheIssuerMayNotName() {
    TestAuthority bound = root.constrained("bound", "other.local");
    assertThatThrownBy(() -> validator().validate(chain(bound.issue(ORDERS))))
        .isInstanceOf(CertificateException.class);
    TestAuthority boundRoot = TestAuthority.constrainedRoot("bound root", "other.local");
    SvidValidator trusting =
        validator(Collections.singletonList(boundRoot.certificate), Collections.emptySet());
    assertThatThrownBy(() -> trusting.validate(chain(boundRoot.issue(ORDERS))))
        .as("constraints of a root count too")
        .isInstanceOf(CertificateException.class);
    TestAuthority fitting = root.constrained("fitting", "cluster.local");
    assertThatCode(() -> validator().validate(chain(fitting.issue(ORDERS))))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesACertificateIssuedByALeaf() {
    Svid leaf = issuer.issue(ORDERS.replace("orders", "evil"));
    TestAuthority posing = TestAuthority.of(leaf, issuer);
    assertThatThrownBy(() -> validator().validate(chain(posing.issue(ORDERS))))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void refusesChainsThatAreNone() {
    X509Certificate[] good = chain(issuer.issue(ORDERS));
    X509Certificate[] tooLong = new X509Certificate[40];
    Arrays.fill(tooLong, good[1]);
    tooLong[0] = good[0];
    for (X509Certificate[] chain :
        Arrays.asList(
            null, new X509Certificate[0], tooLong, new X509Certificate[] {good[1], good[0]})) {
      assertThatThrownBy(() -> validator().validate(chain))
          .isInstanceOf(CertificateException.class);
    }
    assertThatThrownBy(() -> validator().validate(new X509Certificate[] {good[0]}))
        .as("without its intermediate")
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void refusesAPathThatIsTooDeep() {
    TestAuthority tooDeep = issuer.intermediate("below the path length");
    assertThatThrownBy(() -> validator().validate(chain(tooDeep.issue(ORDERS))))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void refusesAWithdrawnIdentity() {
    SvidValidator validator =
        validator(Collections.singletonList(root.certificate), Collections.singleton(ORDERS));
    assertThatThrownBy(() -> validator.validate(chain(issuer.issue(ORDERS))))
        .hasMessageContaining("withdrawn");
  }

  @Test
  void forgetsAVerdictWhenTheCertificateExpires() throws CertificateException {
    Instant now = Instant.now();
    AtomicReference<Instant> time = new AtomicReference<>(now);
    Clock moving = new SettableClock(time);
    SvidValidator validator =
        new SvidValidator(
            "cluster.local",
            Collections.singletonList(root.certificate),
            Collections.emptySet(),
            moving);
    X509Certificate[] chain = chain(issuer.issue(ORDERS));
    validator.validate(chain);
    time.set(now.plus(Duration.ofHours(2)));
    assertThatThrownBy(() -> validator.validate(chain)).hasMessageContaining("expired");
  }
}
