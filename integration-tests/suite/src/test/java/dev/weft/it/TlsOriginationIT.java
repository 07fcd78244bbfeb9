package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.identity.Pem;
import dev.weft.dataplane.identity.Svid;
import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An application says http to a server outside the mesh, and the finished jar speaks TLS to it. */
class TlsOriginationIT {
  private static final String API = "api.example.com";
  private static final String URL = "http://" + API + "/hello";

  private static final String ENTRY =
      """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: api}
      spec:
        hosts: [api.example.com]
        ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]
        resolution: STATIC
        endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: api}
      spec:
        host: api.example.com
        trafficPolicy:
          tls: {%s}
      """;

  private final TestAuthority authority = TestAuthority.create();
  private final Path folder = Rig.newDirectory("tls-files");
  private final Path policies = Rig.newDirectory("tls-policies");
  private int applied;

  private String show(String name) throws IOException, GeneralSecurityException {
    Svid own = authority.issueFor(name);
    Files.writeString(
        folder.resolve("client.key"), Pem.write("PRIVATE KEY", own.key().getEncoded()));
    return write("client.pem", Pem.write(own.chain()));
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private void apply(ControlServer control, TestInstance to, String tls) throws IOException {
    Path file = policies.resolve("api-" + ++applied + ".yaml");
    Files.writeString(file, ENTRY.formatted(to.port(), tls));
    control.meshctl("apply", "-f", file.toString());
  }

  private TestInstance server(boolean demanding) throws IOException {
    return TestInstance.outside(API, authority.serverContext(authority.issueFor(API)), demanding);
  }

  @Test
  void theApplicationSaysHttpAndTheAgentTls() throws Exception {
    String trusted = write("ca.pem", Pem.write(List.of(authority.root())));
    try (ControlServer control = ControlServer.start();
        TestInstance open = server(false);
        TestInstance demanding = server(true);
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("shop", 1);
      apply(control, open, "mode: SIMPLE, caCertificates: " + trusted);
      await(() -> assertThat(shop.call("huc", URL).callStatus()).isEqualTo("200"));
      for (String client : List.of("huc", "apache", "jdk", "jdk-async", "jdk-h2")) {
        App.Answer answer = shop.call(client, URL);
        assertThat(answer.callStatus()).as(client + ": " + answer.text()).isEqualTo("200");
        assertThat(open.last().header("Host")).isEqualTo(API);
      }
      assertThat(control.meshctl("explain", "request", "--from", "shop", "--to", API))
          .contains("TLS (api.example.com), whose certificate is for api.example.com", trusted);
      assertThat(control.meshctl("status")).contains("current");

      String mutual = "mode: MUTUAL, caCertificates: " + trusted + ", clientCertificate: ";
      mutual += show("first") + ", privateKey: " + folder.resolve("client.key");
      apply(control, demanding, mutual);
      await(() -> assertThat(shop.call("huc", URL).callStatus()).isEqualTo("200"));
      await(() -> assertThat(shown(shop, demanding)).isEqualTo("CN=first"));
      show("second");
      await(() -> assertThat(shown(shop, demanding)).isEqualTo("CN=second"));

      int before = open.connections();
      apply(control, open, "mode: SIMPLE, caCertificates: " + folder.resolve("missing.pem"));
      String refusal = "javax.net.ssl.SSLException";
      await(() -> assertThat(shop.call("huc", URL).callError()).isEqualTo(refusal));
      assertThat(control.meshctl("explain", "request", "--from", "shop", "--to", API))
          .contains("refused: status 503", "demands SIMPLE", "missing.pem does not exist");
      assertThat(open.connections()).isEqualTo(before);
      assertThat(shop.process().output())
          .contains("missing.pem does not exist; calls that need it are refused")
          .doesNotContain("\tat ")
          .doesNotContain("PRIVATE KEY");
    }
  }

  private static String shown(App shop, TestInstance demanding) {
    shop.call("apache", URL);
    return demanding.requests().isEmpty() ? "" : demanding.last().peer();
  }

  private static void await(org.awaitility.core.ThrowingRunnable asserted) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(asserted);
  }
}
