package dev.weft.agent.boot;

import dev.weft.agent.settings.Settings;
import dev.weft.agent.weave.InstrumentationIndex;
import dev.weft.agent.weave.InstrumentationReport;
import dev.weft.bootstrap.HookSource;
import java.lang.instrument.Instrumentation;

/** What runs behind the hooks. Implementations have a public constructor without parameters. */
public interface AgentRuntime {
  /**
   * Brings the data plane up; on thread {@code mesh-control}, once.
   *
   * <p>Returns when calls can be answered: with the policy and identity from disk or from the
   * control server, or when it is clear that the start must do without. What takes longer goes on
   * in threads of the runtime.
   *
   * @return where hooks come from
   * @throws Exception when the agent is not usable; the message ends up in a log line
   */
  HookSource start(
      Settings settings,
      Instrumentation instrumentation,
      InstrumentationIndex index,
      InstrumentationReport report)
      throws Exception;
}
