package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The application and its clients notice nothing: promises D7, A5 and G10 for one server. Its
 * answers to each {@link Probe} before and after are compared byte for byte.
 */
@Timeout(120)
public abstract class InboundTransparency extends AttachedServer implements SilenceCases {
  @Test
  void theVersionUnderTestIsStated() {
    assertThat(rig().harness().unstatedVersions()).isEmpty();
  }

  @Test
  void theServerIsWoven() {
    assertThat(rig().harness().report())
        .allSatisfy(e -> assertThat(e.state()).as(e.toString()).isEqualTo("applied"));
  }

  @Test
  void thePortIsReportedThoughTheServerListenedBefore() {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(rig().mesh().dataPlane().ports().first())
                    .isEqualTo(rig().server().port()));
    assertThat(rig().mesh().dataPlane().ports().acceptsMesh(rig().server().port())).isTrue();
  }

  @Test
  void headersOfTheMeshDoNotReachTheApplication() throws IOException {
    String request =
        String.join(
            "\r\n",
            "GET /app/echo HTTP/1.1",
            "X-Weft-Peer: a",
            "Host: orders",
            "X-Kept: b",
            "x-wEFT-peer: c",
            "X-WEFT-Other: d",
            "X-Weft: e",
            "",
            "");
    try (RawConnection plaintext = rig().plaintext()) {
      String answer = plaintext.send(request).read().text();
      assertThat(answer.toLowerCase(Locale.ROOT))
          .contains("x-kept: [b]", "x-weft: [e]")
          .doesNotContain("weft-");
    }
  }

  @TestFactory
  Stream<DynamicTest> plaintextIsAnsweredAsBefore() {
    return Probe.all().stream()
        .map(probe -> dynamicTest(probe.name(), () -> compare(probe, rig().plaintext())));
  }

  @Test
  void anAgentThatIsNotUsableLeavesTheApplicationAlone() throws IOException {
    rig().harness().usable(false);
    try (RawConnection plaintext = rig().plaintext()) {
      assertThat(plaintext.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
    } finally {
      rig().harness().usable(true);
    }
  }

  @TestFactory
  Stream<DynamicTest> meshTlsIsAnsweredAsPlaintext() {
    boolean half = rig().server().answersAfterTlsHalfClose();
    return Probe.all().stream()
        .filter(probe -> half || !probe.name().startsWith(ConnectionProbes.HALF_CLOSE))
        .map(probe -> dynamicTest(probe.name(), () -> compare(probe, rig().meshed())));
  }

  private void compare(Probe probe, RawConnection connection) throws IOException {
    try (connection) {
      String now = probe.transcript(connection);
      assertThat(rig().server().withoutChance(now))
          .isEqualTo(rig().server().withoutChance(rig().before(probe)));
      assertThat(now).doesNotContain("dev.weft");
    }
  }

  @Test
  void aMeshedConnectionIsKeptBeyondTheServersLimitOfRequests() throws IOException {
    try (RawConnection meshed = rig().meshed()) {
      for (int i = 0; i < 250; i++) {
        RawConnection.Answer answer = meshed.send(Probe.get("/app/status/200")).read();
        assertThat(answer.header("Connection")).isNotEqualTo("close");
      }
    }
  }

  @Test
  void aPlaintextConnectionKeepsTheServersLimitOfRequests() throws IOException {
    int limit = rig().server().requestsPerConnection();
    try (RawConnection plaintext = rig().plaintext()) {
      for (int i = 1; i < (limit == 0 ? 250 : limit); i++) {
        RawConnection.Answer answer = plaintext.send(Probe.get("/app/status/200")).read();
        assertThat(answer.header("Connection")).isNotEqualTo("close");
      }
      RawConnection.Answer last = plaintext.send(Probe.get("/app/status/200")).read();
      assertThat("close".equals(last.header("Connection"))).isEqualTo(limit > 0);
      assertThat(limit == 0 || plaintext.isEnded()).isTrue();
    }
  }

  @Test
  void theVersionOfTheProtocolIsTold() throws IOException {
    rig().mesh().forgetConcluded();
    for (String version : List.of("1.1", "1.0")) {
      try (RawConnection meshed = rig().meshed()) {
        meshed.send("GET /app/status/200 HTTP/" + version + "\r\nHost: orders\r\n\r\n").read();
      }
      Awaitility.await()
          .untilAsserted(() -> assertThat(rig().mesh().protocols()).endsWith(version));
    }
  }

  @Test
  void everyRequestIsConcludedOnceWithItsStatusAndPeer() throws IOException {
    rig().mesh().forgetConcluded();
    try (RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      for (String path : List.of("/app/status/201", "/app/async", "/app/dispatch", "/app/throw")) {
        new Probe(path, c -> c.send(Probe.get(path)).read().comparable()).transcript(meshed);
      }
      plaintext.send(Probe.get("/app/status/202")).read();
    }
    rig()
        .mesh()
        .awaitConcluded(
            "GET /app/status/201 " + TestMesh.READER + " 201",
            "GET /app/async " + TestMesh.READER + " 200",
            "GET /app/dispatch " + TestMesh.READER + " 200",
            "GET /app/throw " + TestMesh.READER + " 500",
            "GET /app/status/202 - 202");
  }
}
