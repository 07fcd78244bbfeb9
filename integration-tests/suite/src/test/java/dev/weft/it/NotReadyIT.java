package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.FreePort;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A container that is too old to be instrumented: no gate stands before its applications. */
class NotReadyIT {
  private static final String OLD = "8.5-unsupported";
  private static final String REASON =
      "instrumentation tomcat-8.5 does not apply to Apache Tomcat: version 8.5.15.0 is not one of"
          + " 8.5.43 up to before 12; ";

  private static ControlServer control;

  @BeforeAll
  static void start() {
    control = ControlServer.start();
  }

  @AfterAll
  static void stop() {
    control.close();
  }

  @Test
  void servesAsTheSettingSaysAndIsNotGivenToCallersUnderStrict() {
    int port = FreePort.next();
    try (App legacy =
            App.of("legacy")
                .tomcat(OLD)
                .port(port)
                .mesh(control, "legacy")
                .setting("service-port", String.valueOf(port))
                .start();
        App caller = App.of("caller").mesh(control, "caller").start()) {
      control.awaitLive("legacy", 1);
      control.awaitLive("caller", 1);
      awaitCall(caller, "200");
      assertThat(legacy.process().output())
          .containsOnlyOnce(
              REASON
                  + "calls come in without the mesh's checks, and where its policy is STRICT this"
                  + " instance is not ready");
      assertThat(control.instance("legacy").path("ready").asBoolean()).isTrue();
      assertThat(control.instance("legacy").path("unguarded").asText())
          .startsWith("Apache Tomcat (tomcat-8.5): version 8.5.15.0");

      control.apply(
          """
          apiVersion: security.istio.io/v1
          kind: PeerAuthentication
          metadata: {name: legacy}
          spec:
            selector: {matchLabels: {app: legacy}}
            mtls: {mode: STRICT}
          """);
      awaitCall(caller, "503");
      assertThat(control.instance("legacy").path("ready").asBoolean()).isFalse();
      assertThat(legacy.get("/").status()).as("on-agent-failure is allow").isEqualTo(200);
      assertThat(control.meshctl("status", "-o", "wide"))
          .contains("live, not ready")
          .containsPattern("Apache Tomcat +8\\.5\\.15\\.0 +tomcat-8\\.5 +not-applied +version 8")
          .contains("not ready: STRICT, and calls would come in unchecked: Apache Tomcat");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesEverybodyWhereFailureIsDenied(boolean attached) {
    String service = attached ? "denying-attached" : "denying";
    App.Builder how =
        App.of(service)
            .tomcat(OLD)
            .mesh(control, service)
            // Its connector is not woven, and tells no port.
            .setting("service-port", String.valueOf(FreePort.next()))
            .setting("on-agent-failure", "deny");
    try (App legacy = (attached ? how.attach() : how).start()) {
      control.awaitLive(service, 1);
      assertThat(control.instance(service).path("unguarded").asText()).contains("8.5.15");
      assertThat(legacy.get("/").status()).isNotEqualTo(200);
      assertThat(legacy.process().output()).containsOnlyOnce(REASON + "calls are refused");
    }
  }

  private static void awaitCall(App caller, String status) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(caller.call("huc", "http://legacy/").callStatus()).isEqualTo(status));
  }
}
