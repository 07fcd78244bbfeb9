package dev.weft.agent.control;

import java.lang.management.ManagementFactory;

/** The process id as JMX tells it, to compare with ours. */
final class ProcessId {

  private ProcessId() {}

  static long current() {
    return Long.parseLong(ManagementFactory.getRuntimeMXBean().getName().split("@")[0]);
  }
}
