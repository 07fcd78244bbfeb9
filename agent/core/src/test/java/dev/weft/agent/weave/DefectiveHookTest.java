package dev.weft.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.hook.HookRegistry;
import dev.weft.dataplane.DataPlane;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Calls through a hook that cannot be made are refused; who wonders why is told, once. */
final class DefectiveHookTest {
  @Test
  void isReportedAndLoggedOnce() throws Exception {
    InstrumentationIndex index =
        InstrumentationIndex.of(Collections.singletonList(new SampleModule()));
    InstrumentationReport report = InstrumentationReport.of(index);
    PrintStream standardError = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      HookRegistry hooks = HookRegistry.of(index, report, DataPlane.builder().build(), null);
      System.setErr(new PrintStream(said, true, "UTF-8"));
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> hooks.find(getClass(), "dev.weft.agent.weave.DefectiveHook"))
            .isInstanceOf(Exception.class);
      }
    } finally {
      System.setErr(standardError);
    }
    assertThat(said.toString("UTF-8").split("\\R"))
        .singleElement()
        .asString()
        .contains("sample-1")
        .contains("hook dev.weft.agent.weave.DefectiveHook cannot be made")
        .contains("library/Vanished");
    assertThat(report.entries())
        .singleElement()
        .satisfies(e -> assertThat(e.obstacle()).isEqualTo(Obstacle.FAILURE));
  }
}
