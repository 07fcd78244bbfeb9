package dev.weft.agent.control;

import dev.weft.policy.InstrumentationStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rest of the agent contributes to the instance report. Asked on threads of the agent. */
public interface ReportSource {

  /** What was found to instrument, and what became of it. */
  List<InstrumentationStatus> instrumentation();

  /** Whether the instance can be called, as its probe finds out; null without one. */
  default @Nullable Boolean ready() {
    return null;
  }
}
