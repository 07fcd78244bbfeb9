package dev.weft.instrumentation.testing;

import dev.weft.dataplane.identity.Svid;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root of trust for tests: issues SVIDs and makes the TLS contexts of plain servers. */
public final class TestAuthority {
  /** Trust domain of all that it issues. */
  public static final String TRUST_DOMAIN = "cluster.local";

  private final KeyPair keys;
  private final X509Certificate root;
  private final AtomicLong serials = new AtomicLong(1);

  private TestAuthority() {
    try {
      keys = newKeys();
      X500Name name = new X500Name("CN=test root");
      JcaX509v3CertificateBuilder builder = builder(name, name, keys);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://" + TRUST_DOMAIN)));
      root = sign(builder);
    } catch (Exception e) {
      throw new IllegalStateException("no test root", e);
    }
  }

  /** A new root with a new key. */
  public static TestAuthority create() {
    return new TestAuthority();
  }

  /** The SPIFFE ID of a service account in namespace {@code shop}. */
  public static String spiffeId(String serviceAccount) {
    return "spiffe://" + TRUST_DOMAIN + "/ns/shop/sa/" + serviceAccount;
  }

  /** The root certificate. */
  public X509Certificate root() {
    return root;
  }

  /** A new SVID with a new key. */
  public Svid issue(String serviceAccount) {
    return issue(serviceAccount, GeneralName.uniformResourceIdentifier, spiffeId(serviceAccount));
  }

  /** A new certificate for a host outside the mesh, with a new key. */
  public Svid issueFor(String host) {
    return issue(host, GeneralName.dNSName, host);
  }

  private Svid issue(String subject, int type, String name) {
    try {
      KeyPair leafKeys = newKeys();
      JcaX509v3CertificateBuilder builder =
          builder(new X500Name("CN=test root"), new X500Name("CN=" + subject), leafKeys);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(
          Extension.subjectAlternativeName, true, new GeneralNames(new GeneralName(type, name)));
      return Svid.of(leafKeys.getPrivate(), List.of(sign(builder), root));
    } catch (Exception e) {
      throw new IllegalStateException("no certificate for " + name, e);
    }
  }

  /** What shows a new SVID in handshakes. */
  public KeyManager[] keyManagers(String serviceAccount) {
    return showing(issue(serviceAccount));
  }

  private static KeyManager[] showing(Svid svid) {
    try {
      // The default type derives a key from the password at each handshake: ten times its cost.
      KeyStore store = KeyStore.getInstance("JKS");
      store.load(null, null);
      store.setKeyEntry(
          "svid", svid.key(), new char[0], svid.chain().toArray(new X509Certificate[0]));
      KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
      own.init(store, new char[0]);
      return own.getKeyManagers();
    } catch (Exception e) {
      throw new IllegalStateException("no key managers for " + svid, e);
    }
  }

  /** The TLS context of a server that shows an SVID and asks clients for one of this root. */
  public SSLContext serverContext(String serviceAccount) {
    return serverContext(issue(serviceAccount));
  }

  /** The same with what a server shows. */
  public SSLContext serverContext(Svid shown) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("root", root);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(showing(shown), trust.getTrustManagers(), null);
      return context;
    } catch (Exception e) {
      throw new IllegalStateException("no TLS context for " + shown, e);
    }
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair of) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        BigInteger.valueOf(serials.getAndIncrement()),
        Date.from(now.minus(Duration.ofMinutes(5))),
        Date.from(now.plus(Duration.ofHours(1))),
        subject,
        of.getPublic());
  }

  private X509Certificate sign(JcaX509v3CertificateBuilder builder) throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }
}
