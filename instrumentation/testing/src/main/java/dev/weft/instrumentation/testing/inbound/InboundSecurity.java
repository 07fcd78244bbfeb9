package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.instrumentation.testing.support.StatedLimits;
import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets in who should not: promises I9, I10, A1 and G1 for one server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(StatedLimits.class)
public abstract class InboundSecurity {
  private static final String HOST = "Host: orders\r\n";

  private InboundRig rig;
  private int reachedBefore;

  /** Starts the server and attaches. */
  protected abstract InboundRig attach() throws Exception;

  @BeforeAll
  void start() throws Exception {
    rig = attach();
    withoutIdentityTlsIsRefusedAndPlaintextGoesByTheMode();
    rig.mesh().join();
  }

  private void withoutIdentityTlsIsRefusedAndPlaintextGoesByTheMode() throws IOException {
    assertRefused(rig.mesh().client("reader"), TestMesh.ALPN);
    assertServed(rig.plaintext());
    rig.mesh().mode(MtlsMode.STRICT);
    try (RawConnection plaintext = rig.plaintext()) {
      assertThat(plaintext.send(Probe.get("/app/echo")).isEnded()).isTrue();
    }
    rig.mesh().mode(MtlsMode.PERMISSIVE);
  }

  @AfterAll
  void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  @BeforeEach
  void count() {
    reachedBefore = rig.server().reached();
  }

  @AfterEach
  void reset() {
    rig.mesh().mode(MtlsMode.PERMISSIVE);
    rig.mesh().bug(null);
  }

  // Who may connect

  @Test
  void permissiveServesBoth() throws IOException {
    assertServed(rig.plaintext());
    assertServed(rig.meshed());
    assertThat(reached()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /app/echo HTTP/1.1\r\nHost: orders\r\n\r\n",
        "G",
        "\u0000\u0001\u0002garbage\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u0015\u0003\u0001\u0000\u0002\u0002(",
        "\u0016\u0004binary protocol",
      })
  void strictClosesOnAnythingButTls(String bytes) throws IOException {
    rig.mesh().mode(MtlsMode.STRICT);
    try (RawConnection plaintext = rig.plaintext()) {
      plaintext.socket().setSoTimeout(1000);
      plaintext.send(bytes);
      assertThat(plaintext.isEnded()).as("ended within a second").isTrue();
    }
    assertThat(reached()).isZero();
  }

  @Test
  void strictServesThePeersOfTheMesh() throws IOException {
    rig.mesh().mode(MtlsMode.STRICT);
    assertServed(rig.meshed());
  }

  @Test
  void strictRefusesPlaintextConnectionsThatWereThereBefore() throws IOException {
    try (RawConnection plaintext = rig.plaintext()) {
      assertThat(plaintext.send(Probe.get("/app/status/200")).read().status()).isEqualTo(200);
      rig.mesh().mode(MtlsMode.STRICT);
      RawConnection.Answer answer = plaintext.send(Probe.get("/app/status/200")).read();
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("x-weft-rejection")).startsWith("IDENTIFY");
    }
    assertThat(reached()).isEqualTo(1);
  }

  @Test
  void disableLeavesEveryByteToTheApplication() throws IOException {
    rig.mesh().mode(MtlsMode.DISABLE);
    assertServed(rig.plaintext());
    assertRefused(rig.mesh().client("reader"), TestMesh.ALPN);
    assertThat(reached()).isEqualTo(1);
  }

  @Test
  void clientsWithoutCertificateAreRefused() {
    assertRefused(rig.mesh().anonymous(), TestMesh.ALPN);
  }

  @Test
  void certificatesOfAForeignAuthorityAreRefused() {
    assertRefused(rig.mesh().foreign(), TestMesh.ALPN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http/1.1", "h2"})
  void tlsThatIsNotOfTheMeshIsRefused(String alpn) {
    assertRefused(
        rig.mesh().client("reader"), alpn.isEmpty() ? new String[0] : new String[] {alpn});
  }

  @Test
  void aBodyIsAskedForOnlyWhenItsRequestIsLetIn() throws IOException {
    String head = " HTTP/1.1\r\nHost: orders\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    try (RawConnection meshed = rig.meshed()) {
      assertThat(meshed.send("POST /app/upload" + head).read().status()).isEqualTo(100);
      assertThat(meshed.send("body").read().status()).isEqualTo(200);
    }
    try (RawConnection meshed = rig.meshed()) {
      assertThat(meshed.send("POST /app/denied" + head).read().status()).isEqualTo(403);
    }
    assertThat(reached()).isEqualTo(1);
  }

  @Test
  void theConnectionOfAWithdrawnPeerEnds() throws IOException {
    try (RawConnection meshed = rig.meshed()) {
      meshed.send(Probe.get("/app/status/200")).read();
      rig.mesh().withdrawReader();
      meshed.socket().setSoTimeout(5000);
      assertThat(meshed.isEnded()).isTrue();
      // The same TLS context: its session could be resumed.
      assertRefused(rig.mesh().client("reader"), TestMesh.ALPN);
    } finally {
      rig.mesh().join();
    }
    Awaitility.await().untilAsserted(() -> assertThat(rig.mesh().live()).isZero());
    assertServed(rig.meshed());
  }

  @Test
  void closedConnectionsAreForgotten() throws IOException {
    for (int i = 0; i < 20; i++) {
      assertServed(rig.meshed());
    }
    Awaitility.await().untilAsserted(() -> assertThat(rig.mesh().live()).isZero());
  }

  // How a client may come

  @Test
  void aClientHelloMayComeByteByByte() throws IOException {
    assertServed(rig.mesh().slowly(rig.server().port(), 1));
  }

  @Test
  void aClientHelloMayComeInManyRecords() throws IOException {
    assertServed(rig.mesh().inRecords(rig.server().port(), 40));
  }

  @Test
  void aClientHelloMayBeLongerThanARecord() throws IOException {
    assertServed(rig.mesh().padded(rig.server().port(), 18_000));
  }

  @Test
  void halfHellosHoldNoThreadAndEndByTheServersTimeout() throws IOException {
    List<RawConnection> halves = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        halves.add(
            rig.plaintext().send(i % 2 == 0 ? "\u0016" : "\u0016\u0003\u0001\u0002\u0000\u0001"));
      }
      long before = System.nanoTime();
      assertServed(rig.plaintext());
      assertServed(rig.meshed());
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
      for (RawConnection half : halves) {
        assertThat(half.isEnded()).isTrue();
      }
    } finally {
      for (RawConnection half : halves) {
        half.close();
      }
    }
  }

  @Test
  void aSecondConnectionMayResumeTheSession() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertServed(rig.meshed());
    }
  }

  @Test
  void manyMeshedConnectionsAreServedAtOnce() throws Exception {
    List<Thread> clients = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 10; i++) {
      Thread client =
          new Thread(
              () -> {
                try (RawConnection meshed = rig.meshed()) {
                  for (int n = 0; n < 4; n++) {
                    String path = n % 2 == 0 ? "/app/large" : "/files/large.txt";
                    assertThat(meshed.send(Probe.get(path)).read().text())
                        .hasSize(n % 2 == 0 ? 1_000_000 : 300_000);
                  }
                } catch (Throwable t) {
                  failures.add(t);
                }
              });
      client.start();
      clients.add(client);
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(failures).isEmpty();
  }

  // Who may ask what

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/denied",
        "/app/denied/more?q=1",
        "/app/%64enied",
        "/app/x/../denied",
        "/app/./denied",
        "//app//denied",
        "/app/denied;a=b",
        "/app;a=b/denied",
        "/app/%2e%2e/app/denied",
        "/app/;/denied",
        "http://orders/app/denied",
      })
  void aDeniedPathNeverReachesTheApplication(String target) throws IOException {
    try (RawConnection meshed = rig.meshed();
        RawConnection plaintext = rig.plaintext()) {
      for (RawConnection client : List.of(meshed, plaintext)) {
        assertThat(client.send(Probe.get(target)).read().status()).isIn(403, 400, 404);
      }
    }
    assertThat(reached()).isZero();
  }

  @Test
  void aRefusalNamesStageAndPolicyAndKeepsTheConnection() throws IOException {
    try (RawConnection meshed = rig.meshed()) {
      RawConnection.Answer refusal = meshed.send(Probe.get("/app/denied")).read();
      assertThat(refusal.status()).isEqualTo(403);
      assertThat(refusal.header("x-weft-rejection")).startsWith("AUTHORIZE;");
      assertThat(refusal.header("content-type")).startsWith("text/plain");
      assertThat(refusal.text()).doesNotContain("<html");
      assertThat(meshed.send("HEAD /app/denied HTTP/1.1\r\n" + HOST + "\r\n").read(true).status())
          .isEqualTo(403);
      assertThat(meshed.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
    }
  }

  @Test
  void aRefusedUploadIsNotTakenForTheNextRequest() throws IOException {
    try (RawConnection meshed = rig.meshed()) {
      String smuggled = Probe.get("/app/status/200");
      meshed.send(
          "POST /app/denied HTTP/1.1\r\n"
              + HOST
              + "Content-Length: "
              + smuggled.length()
              + "\r\n\r\n"
              + smuggled);
      assertThat(meshed.read().status()).isEqualTo(403);
      assertThat(meshed.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
    }
    assertThat(reached()).isEqualTo(1);
  }

  @Test
  void aBugInTheMeshRefuses() throws IOException {
    String request =
        "GET /app/echo HTTP/1.1\r\n" + HOST + RequestContext.DEADLINE_HEADER + ": 1000\r\n\r\n";
    rig.mesh().bug(new StackOverflowError("injected"));
    try (RawConnection meshed = rig.meshed();
        RawConnection plaintext = rig.plaintext()) {
      for (RawConnection client : List.of(meshed, plaintext)) {
        RawConnection.Answer refused = client.send(request).read();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text()).isEmpty();
      }
    }
    assertThat(reached()).isZero();
    rig.mesh().bug(null);
    assertServed(rig.meshed());
  }

  private int reached() {
    return rig.server().reached() - reachedBefore;
  }

  private void assertServed(RawConnection connection) throws IOException {
    try (connection) {
      assertThat(connection.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
    }
  }

  private void assertRefused(SSLContext client, String... alpn) {
    int before = rig.server().reached();
    assertThatThrownBy(
            () -> {
              try (RawConnection c = RawConnection.tls(rig.server().port(), client, alpn)) {
                c.send(Probe.get("/app/echo")).read();
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(rig.server().reached()).isEqualTo(before);
  }
}
