package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect, by the mode of the port and by the certificate. */
interface PeerCases extends InboundCases {
  @Test
  default void permissiveServesBoth() throws IOException {
    assertServed(rig().plaintext());
    assertServed(rig().meshed());
    assertThat(rig().reached()).isEqualTo(2);
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
  default void strictClosesOnAnythingButTls(String bytes) throws IOException {
    rig().mesh().mode(MtlsMode.STRICT);
    try (RawConnection plaintext = rig().plaintext()) {
      plaintext.socket().setSoTimeout(1000);
      plaintext.send(bytes);
      assertThat(plaintext.isEnded()).as("ended within a second").isTrue();
    }
    assertThat(rig().reached()).isZero();
  }

  @Test
  default void strictServesThePeersOfTheMesh() throws IOException {
    rig().mesh().mode(MtlsMode.STRICT);
    assertServed(rig().meshed());
  }

  @Test
  default void strictRefusesPlaintextConnectionsThatWereThereBefore() throws IOException {
    try (RawConnection plaintext = rig().plaintext()) {
      assertThat(plaintext.send(Probe.get("/app/status/200")).read().status()).isEqualTo(200);
      rig().mesh().mode(MtlsMode.STRICT);
      RawConnection.Answer answer = plaintext.send(Probe.get("/app/status/200")).read();
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("x-weft-rejection")).startsWith("IDENTIFY");
    }
    assertThat(rig().reached()).isEqualTo(1);
  }

  @Test
  default void disableLeavesEveryByteToTheApplication() throws IOException {
    rig().mesh().mode(MtlsMode.DISABLE);
    assertServed(rig().plaintext());
    assertRefused(rig().mesh().client("reader"), TestMesh.ALPN);
    assertThat(rig().reached()).isEqualTo(1);
  }

  @Test
  default void clientsWithoutCertificateAreRefused() {
    assertRefused(rig().mesh().anonymous(), TestMesh.ALPN);
  }

  @Test
  default void certificatesOfAForeignAuthorityAreRefused() {
    assertRefused(rig().mesh().foreign(), TestMesh.ALPN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http/1.1", "h2"})
  default void tlsThatIsNotOfTheMeshIsRefused(String alpn) {
    assertRefused(
        rig().mesh().client("reader"), alpn.isEmpty() ? new String[0] : new String[] {alpn});
  }

  @Test
  default void aBodyIsAskedForOnlyWhenItsRequestIsLetIn() throws IOException {
    String head = " HTTP/1.1\r\nHost: orders\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    try (RawConnection meshed = rig().meshed()) {
      assertThat(meshed.send("POST /app/upload" + head).read().status()).isEqualTo(100);
      assertThat(meshed.send("body").read().status()).isEqualTo(200);
    }
    try (RawConnection meshed = rig().meshed()) {
      assertThat(meshed.send("POST /app/denied" + head).read().status()).isEqualTo(403);
    }
    assertThat(rig().reached()).isEqualTo(1);
  }

  @Test
  default void theConnectionOfAWithdrawnPeerEnds() throws IOException {
    try (RawConnection meshed = rig().meshed()) {
      meshed.send(Probe.get("/app/status/200")).read();
      rig().mesh().withdrawReader();
      meshed.socket().setSoTimeout(5000);
      assertThat(meshed.isEnded()).isTrue();
      // The same TLS context: its session could be resumed.
      assertRefused(rig().mesh().client("reader"), TestMesh.ALPN);
    } finally {
      rig().mesh().join();
    }
    Awaitility.await().untilAsserted(() -> assertThat(rig().mesh().live()).isZero());
    assertServed(rig().meshed());
  }

  @Test
  default void closedConnectionsAreForgotten() throws IOException {
    for (int i = 0; i < 20; i++) {
      assertServed(rig().meshed());
    }
    Awaitility.await().untilAsserted(() -> assertThat(rig().mesh().live()).isZero());
  }
}
