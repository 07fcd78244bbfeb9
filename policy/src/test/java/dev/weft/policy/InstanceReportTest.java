package dev.weft.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

final class InstanceReportTest {
  @Test
  void readsBackWhatItWrote() {
    InstanceReport report =
        InstanceReport.builder()
            .service("orders")
            .namespace("shop")
            .serviceAccount("orders")
            .labels(Collections.singletonMap("version", "v1"))
            .locality("eu/a/1")
            .address("10.0.0.1")
            .port(8080)
            .mtls(true)
            .agentVersion("0.1.0")
            .jvm("Temurin 17.0.9")
            .pid(4711)
            .startedAt("2026-11-21T00:00:00Z")
            .certificateNotAfter("2026-11-21T01:00:00Z")
            .snapshotVersion(7)
            .snapshotError("no")
            .instrumentation(
                Arrays.asList(
                    InstrumentationStatus.applied("tomcat-8.5", "Tomcat", "9.0.1", true),
                    InstrumentationStatus.notApplied(
                        "okhttp-3.0", "OkHttp", "2.7", "version", "too old", false),
                    InstrumentationStatus.notSeen("jetty-9.4", "Jetty", true)))
            .build();
    InstanceReport read = InstanceReport.fromJson(report.toJson());
    assertThat(read).usingRecursiveComparison().isEqualTo(report);
    assertThat(read.toJson()).isEqualTo(report.toJson());
    assertThat(report.toBuilder().build().toJson()).isEqualTo(report.toJson());
  }

  @Test
  void knowsAGuardThatIsMissing() {
    InstrumentationStatus there = InstrumentationStatus.applied("a", "A", "1", true);
    InstrumentationStatus unseen = InstrumentationStatus.notSeen("b", "B", true);
    InstrumentationStatus client =
        InstrumentationStatus.notApplied("c", "C", "1", "version", "too old", false);
    InstrumentationStatus missing =
        InstrumentationStatus.notApplied("d", "D", "1", "shape", "it has no class X", true);
    InstanceReport.Builder report =
        InstanceReport.builder().instrumentation(Arrays.asList(there, unseen, client));
    assertThat(report.build().missingGuard()).isNull();
    report.instrumentation(Arrays.asList(there, unseen, client, missing));
    assertThat(report.build().missingGuard()).isSameAs(missing);
  }

  @Test
  void ignoresWhatANewerAgentAdds() {
    InstanceReport read = InstanceReport.fromJson("{\"service\":\"a\",\"new\":1}".getBytes(UTF_8));
    assertThat(read.service).isEqualTo("a");
    assertThat(read.namespace).isEqualTo("default");
  }

  @Test
  void namesTheFieldThatIsWrong() {
    assertRefused("{\"port\":70000}", "port must be a whole number from 0 to 65535");
    assertRefused("{\"port\":-1}", "port");
    assertRefused("{\"service\":1}", "service must be a text");
    assertRefused("{\"mtls\":\"yes\"}", "mtls must be true or false");
    assertRefused("{\"labels\":[]}", "labels");
    assertRefused("{\"instrumentation\":[{\"state\":\"x\"}]}", "state must be applied");
    assertRefused("nonsense", "not valid JSON");
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> InstanceReport.fromJson(json.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
