package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Forked;
import dev.weft.it.rig.Jdk;
import dev.weft.it.rig.Rig;
import dev.weft.it.rig.SpringApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A Spring Boot application started again and again, one JVM at a time: it comes up, answers, and
 * no class of it was spoilt. A weaver that waits for a class which another thread loads, hangs one
 * start in many.
 */
class ColdStartIT {
  /**
   * A start takes a few seconds; one that has not answered by now hangs, or the machine is busy.
   */
  private static final Duration HANGS = Duration.ofSeconds(60);

  /** What a start that does not hang computes in that time, however busy the machine is. */
  private static final Duration AT_WORK = Duration.ofSeconds(2);

  /** How often that may be so. */
  private static final int PATIENCE = 5;

  private enum Beside {
    NOBODY,
    OPENTELEMETRY_BEFORE,
    OPENTELEMETRY_AFTER
  }

  @Test
  void everyStartEndsInAnAnswer() {
    startAgainAndAgain(Beside.NOBODY, Rig.length(2, 200));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOBODY")
  void everyStartBesideOpenTelemetryEndsInAnAnswer(Beside beside) {
    startAgainAndAgain(beside, Rig.length(1, 50));
  }

  private static void startAgainAndAgain(Beside beside, int starts) {
    long slowest = 0;
    try (ControlServer control = ControlServer.start()) {
      for (int i = 1; i <= starts; i++) {
        long start = System.nanoTime();
        SpringApp.Starting starting = start(control, beside);
        try (SpringApp app = answered(starting, beside + ", start " + i)) {
          assertThat(app.get("/hello", "*/*"))
              .isEqualTo(new SpringApp.Answer(200, "hello from shop"));
          assertThat(app.process().output())
              .doesNotContain("VerifyError", "LinkageError", "NoClassDefFound", "ClassFormatError")
              .doesNotContain("\tat ", "Application run failed");
        }
        slowest = Math.max(slowest, System.nanoTime() - start);
      }
    }
    Rig.figure(
        "cold starts of a Spring Boot application beside %s: %d, 0 hangs, 0 VerifyErrors, slowest"
            + " %.1f s",
        beside, starts, slowest / 1e9);
  }

  private static SpringApp answered(SpringApp.Starting starting, String which) {
    IllegalStateException late = null;
    for (int i = 0; i < PATIENCE; i++) {
      Duration before = starting.process().cpu();
      try {
        return starting.awaitStarted(HANGS);
      } catch (IllegalStateException e) {
        late = e;
      }
      if (starting.process().cpu().minus(before).compareTo(AT_WORK) < 0) {
        break;
      }
    }
    String threads = starting.process().alive() ? threads(starting.process()) : "it has ended";
    starting.process().kill();
    throw new AssertionError(which + " hangs: " + threads, late);
  }

  private static String threads(Forked process) {
    List<String> command =
        List.of(Jdk.current().tool("jstack"), "-l", String.valueOf(process.pid()));
    Forked jstack = Forked.start("jstack", Rig.newDirectory("jstack"), command, Map.of());
    jstack.exitCode(Duration.ofSeconds(30));
    return jstack.output();
  }

  private static SpringApp.Starting start(ControlServer control, Beside beside) {
    String other =
        "-javaagent:" + Path.of(System.getProperty("weft.agents"), "opentelemetry-javaagent.jar");
    List<String> quiet = List.of("-Dotel.sdk.disabled=true", "-XX:-PrintWarnings");
    SpringApp.Options options =
        switch (beside) {
          case NOBODY -> new SpringApp.Options(List.of(), List.of());
          case OPENTELEMETRY_BEFORE ->
              new SpringApp.Options(List.of(quiet.get(0), quiet.get(1), other), List.of());
          case OPENTELEMETRY_AFTER -> new SpringApp.Options(quiet, List.of(other));
        };
    return SpringApp.start(control, "shop", "spring-boot-3", SpringApp.Name.MESH, options);
  }
}
