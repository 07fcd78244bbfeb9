package dev.weft.agent.runtime;

import dev.weft.agent.boot.AgentRuntime;
import dev.weft.agent.hook.HookRegistry;
import dev.weft.agent.settings.Settings;
import dev.weft.agent.weave.InstrumentationIndex;
import dev.weft.agent.weave.InstrumentationReport;
import dev.weft.bootstrap.HookSource;
import dev.weft.dataplane.DataPlane;
import java.lang.instrument.Instrumentation;

/** The agent in service: one data plane, fed by one control client. */
public final class MeshRuntime implements AgentRuntime {
  /** For the start, which makes it by name. */
  public MeshRuntime() {}

  @Override
  public HookSource start(
      Settings settings,
      Instrumentation instrumentation,
      InstrumentationIndex index,
      InstrumentationReport report) {
    return HookRegistry.of(index, report, DataPlane.builder().build(), instrumentation);
  }
}
