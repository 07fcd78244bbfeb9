package dev.weft.agent.control;

import dev.weft.policy.InstrumentationStatus;
import java.util.List;

/** What the rest of the agent contributes to the instance report. Asked on threads of the agent. */
public interface ReportSource {

  /** What was found to instrument, and what became of it. */
  List<InstrumentationStatus> instrumentation();
}
