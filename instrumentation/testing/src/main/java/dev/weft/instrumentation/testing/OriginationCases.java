package dev.weft.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.identity.Pem;
import dev.weft.dataplane.identity.Svid;
import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers outside the mesh are spoken to over TLS that the application knows nothing of. */
interface OriginationCases extends OutboundCases {
  /** The host that the application calls. */
  String API = "api.example.com";

  private void apply(TestInstance server, TlsMode mode, TlsOrigination settings) {
    rig()
        .mesh()
        .clear()
        .service(
            API,
            s ->
                s.external(true)
                    .authorities(List.of(API))
                    .trafficPolicy(TrafficPolicy.builder().tls(mode).origination(settings).build()),
            server)
        .apply();
  }

  private TlsOrigination.Builder trusting(Path folder) throws Exception {
    Path file = folder.resolve("ca.pem");
    Files.writeString(file, Pem.write(List.of(rig().mesh().authority().root())));
    return TlsOrigination.builder().caCertificates(file.toString());
  }

  private TlsOrigination.Builder showing(Path folder, Svid own) throws Exception {
    Path certificate = folder.resolve("client.pem");
    Path key = folder.resolve("client.key");
    Files.writeString(certificate, Pem.write(own.chain()));
    Files.writeString(key, Pem.write("PRIVATE KEY", own.key().getEncoded()));
    return trusting(folder).clientCertificate(certificate.toString()).privateKey(key.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://api.example.com/a?b", "http://api.example.com:80/a?b"})
  default void aServerOutsideIsSpokenToOverTls(String url, @TempDir Path folder) throws Exception {
    TestInstance api = rig().outside(API, false).answering(r -> Reply.of(201, r.target()));
    apply(api, TlsMode.SIMPLE, trusting(folder).build());
    for (int i = 0; i < 3; i++) {
      Result result = rig().client().send(Call.of("POST", url).body(new byte[] {1, 2}));
      assertThat(result.status()).isEqualTo(201);
      assertThat(result.text()).isEqualTo("/a?b");
      assertThat(result.url()).as("what the application called").startsWith("http://" + API);
    }
    assertThat(api.handshakes()).isEqualTo(1);
    assertThat(api.last().header("Host")).startsWith(API);
    assertThat(api.last().header("X-Forwarded-Proto")).isNull();
    assertThat(api.last().body()).containsExactly(1, 2);
  }

  @Test
  default void aCallToAServerOutsideIsRetriedAndTraced(@TempDir Path folder) throws Exception {
    TestInstance api = rig().outside(API, false);
    api.answering(r -> api.requests().size() < 2 ? Reply.of(503, "later") : Reply.of(200, "now"));
    apply(api, TlsMode.SIMPLE, trusting(folder).build());
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Call call = Call.get("http://api.example.com/").header("traceparent", trace);
    assertThat(rig().client().send(call).text()).isEqualTo("now");
    assertThat(api.requests()).hasSize(2);
    assertThat(api.last().header("traceparent")).contains("0af7651916cd43dd8448eb211c80319c");
  }

  @Test
  default void aServerOutsideOfAnotherNameIsRefused(@TempDir Path folder) throws Exception {
    TestInstance other = rig().outside("www.example.com", false);
    apply(other, TlsMode.SIMPLE, trusting(folder).build());
    assertThatThrownBy(() -> rig().client().send(Call.get("http://api.example.com/")))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("www.example.com");
    assertThat(other.requests()).isEmpty();
  }

  @Test
  default void withoutItsFileNothingIsSentOutside(@TempDir Path folder) throws Exception {
    TestInstance api = rig().outside(API, false);
    String missing = folder.resolve("missing.pem").toString();
    apply(api, TlsMode.SIMPLE, TlsOrigination.builder().caCertificates(missing).build());
    assertThatThrownBy(() -> rig().client().send(Call.get("http://api.example.com/")))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining(missing + " does not exist");
    assertThat(api.connections()).isZero();
  }

  @Test
  default void aCertificateFromAFileIsShownAndReplaced(@TempDir Path folder) throws Exception {
    TestInstance api = rig().outside(API, true);
    TestAuthority authority = rig().mesh().authority();
    apply(api, TlsMode.MUTUAL, showing(folder, authority.issueFor("first")).build());
    for (int i = 0; i < 2; i++) {
      assertThat(rig().client().send(Call.get("http://api.example.com/")).status()).isEqualTo(200);
    }
    assertThat(api.handshakes()).isEqualTo(1);
    assertThat(api.last().peer()).isEqualTo("CN=first");
    assertThat(showing(folder, authority.issueFor("second"))).isNotNull();
    rig().mesh().dataPlane().snapshots().originations().look();
    assertThat(rig().client().send(Call.get("http://api.example.com/")).status()).isEqualTo(200);
    assertThat(api.last().peer()).isEqualTo("CN=second");
    assertThat(api.handshakes()).isEqualTo(2);
  }

  @Test
  default void aConnectionToAServerOutsideIsForItsPolicyOnly(@TempDir Path folder)
      throws Exception {
    TestInstance api = rig().outside(API, false);
    TlsOrigination trusting = trusting(folder).build();
    apply(api, TlsMode.SIMPLE, TlsOrigination.builder().insecureSkipVerify(true).build());
    assertThat(rig().client().send(Call.get("http://api.example.com/")).status()).isEqualTo(200);
    apply(api, TlsMode.SIMPLE, trusting);
    assertThat(rig().client().send(Call.get("http://api.example.com/")).status()).isEqualTo(200);
    assertThat(api.handshakes()).isEqualTo(2);
  }
}
