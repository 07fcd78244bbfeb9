package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.resilience.ConcurrencyLimit;
import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask what. */
interface AccessCases extends InboundCases {
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
  default void aDeniedPathNeverReachesTheApplication(String target) throws IOException {
    try (RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      for (RawConnection client : List.of(meshed, plaintext)) {
        assertThat(client.send(Probe.get(target)).read().status()).isIn(403, 400, 404);
      }
    }
    assertThat(rig().reached()).isZero();
  }

  @Test
  default void aRefusalNamesStageAndPolicyAndKeepsTheConnection() throws IOException {
    try (RawConnection meshed = rig().meshed()) {
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
  default void aLimitIsAnsweredWithWhenToComeAgain() throws IOException {
    rig().mesh().limitReadersTo(1);
    try (RawConnection meshed = rig().meshed()) {
      assertThat(meshed.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
      RawConnection.Answer refusal = meshed.send(Probe.get("/app/status/204")).read();
      assertThat(refusal.status()).isEqualTo(429);
      assertThat(refusal.header("retry-after")).matches("3[56][0-9][0-9]");
      assertThat(refusal.header("x-weft-rejection")).isEqualTo("LIMIT;default/readers/each");
      assertThat(refusal.header("content-type")).startsWith("text/plain");
    } finally {
      rig().mesh().mode(MtlsMode.PERMISSIVE);
    }
    assertThat(rig().reached()).isEqualTo(1);
  }

  @Test
  default void whatTheCallerNoLongerWaitsForIsRefused() throws IOException {
    String waits = HOST + RequestContext.DEADLINE_HEADER + ": 60000\r\n\r\n";
    rig().mesh().forgetConcluded();
    try (RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      for (RawConnection client : List.of(meshed, plaintext)) {
        rig().mesh().hurry(true);
        RawConnection.Answer late = client.send("GET /app/late HTTP/1.1\r\n" + waits).read();
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.header("x-weft-rejection")).isEqualTo("DEADLINE");
        assertThat(late.header("content-type")).startsWith("text/plain");
        assertThat(client.send("GET /app/denied HTTP/1.1\r\n" + waits).read().status())
            .as("who may not come in hears so first")
            .isEqualTo(403);
        assertThat(rig().reached()).isZero();
        rig().mesh().hurry(false);
      }
      assertThat(meshed.send("GET /app/status/204 HTTP/1.1\r\n" + waits).read().status())
          .isEqualTo(204);
    } finally {
      rig().mesh().hurry(false);
    }
    rig()
        .mesh()
        .awaitConcluded(
            "GET /app/late " + TestMesh.READER + " 504",
            "GET /app/denied " + TestMesh.READER + " 403",
            "GET /app/late - 504",
            "GET /app/denied - 403",
            "GET /app/status/204 " + TestMesh.READER + " 204");
  }

  @Test
  default void anAnswerCanSayThatItsRequestIsNotWorthAnother() throws IOException {
    for (String target : List.of("/app/status/503", "/app/status/204", "/app/large")) {
      try (RawConnection meshed = rig().meshed()) {
        rig()
            .mesh()
            .atEntry(request -> request.tellCaller(RequestContext.OVERLOADED_HEADER, "true", true));
        RawConnection.Answer answer = meshed.send(Probe.get(target)).read();
        assertThat(answer.header(RequestContext.OVERLOADED_HEADER)).as(target).isEqualTo("true");
        rig().mesh().atEntry(null);
      }
      try (RawConnection meshed = rig().meshed()) {
        assertThat(meshed.send(Probe.get(target)).read().header(RequestContext.OVERLOADED_HEADER))
            .isNull();
      }
    }
  }

  @Test
  default void whatComesBeyondTheCapacityIsRefusedAndWhatIsOverGivesItsPlaceBack()
      throws IOException {
    rig().mesh().oneAtATime();
    ConcurrencyLimit limit = rig().mesh().concurrency(rig().port());
    try {
      for (String target : List.of("/app/status/204", "/app/echo", "/app/status/500")) {
        try (RawConnection meshed = rig().meshed()) {
          assertThat(meshed.send(Probe.get(target)).read().header("x-weft-rejection"))
              .as(target)
              .isNull();
        }
        Awaitility.await(target).until(() -> limit.active() == 0);
      }
      assertThat(limit.tryAcquire(100)).isTrue();
      try (RawConnection meshed = rig().meshed()) {
        RawConnection.Answer refusal = meshed.send(Probe.get("/app/status/204")).read();
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.header("x-weft-rejection")).isEqualTo("ADMIT;default/one");
      }
      limit.release(0, 0, false);
      // Tomcat ends a connection after 503.
      try (RawConnection meshed = rig().meshed()) {
        assertThat(meshed.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
      }
    } finally {
      rig().mesh().mode(MtlsMode.PERMISSIVE);
    }
    assertThat(rig().reached()).isEqualTo(4);
  }

  @Test
  default void whatComesBeyondTheCapacityOfAPortIsRefusedThere() throws IOException {
    int port = rig().port();
    try (RawConnection meshed = rig().meshed()) {
      rig().mesh().oneAtATime(port + 1);
      assertThat(rig().mesh().concurrency(port + 1).tryAcquire(100)).isTrue();
      assertThat(meshed.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
      rig().mesh().oneAtATime(port);
      assertThat(rig().mesh().concurrency(port).tryAcquire(100)).isTrue();
      RawConnection.Answer refusal = meshed.send(Probe.get("/app/status/204")).read();
      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.header("x-weft-rejection")).isEqualTo("ADMIT;default/one");
    } finally {
      rig().mesh().mode(MtlsMode.PERMISSIVE);
    }
    assertThat(rig().reached()).isEqualTo(1);
  }

  @Test
  default void aRefusedUploadIsNotTakenForTheNextRequest() throws IOException {
    try (RawConnection meshed = rig().meshed()) {
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
    assertThat(rig().reached()).isEqualTo(1);
  }

  @Test
  default void aBugInTheMeshRefuses() throws IOException {
    String request =
        "GET /app/echo HTTP/1.1\r\n" + HOST + RequestContext.DEADLINE_HEADER + ": 1000\r\n\r\n";
    rig().mesh().bug(new StackOverflowError("injected"));
    try (RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      for (RawConnection client : List.of(meshed, plaintext)) {
        RawConnection.Answer refused = client.send(request).read();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text()).isEmpty();
      }
    }
    assertThat(rig().reached()).isZero();
    rig().mesh().bug(null);
    assertServed(rig().meshed());
  }
}
