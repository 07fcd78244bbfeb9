package dev.weft.agent.extension;

import dev.weft.dataplane.DataPlane;

/** What the agent offers to a hook. Thread-safe. */
public interface HookContext {
  /** The engine: drivers, transport security, telemetry. The same for the life of the JVM. */
  DataPlane dataPlane();

  /**
   * Says that a server of the application serves HTTP on a port of this host. The first port that
   * is reported is the workload's, unless {@code mesh.service-port} names one.
   *
   * @param port 1 to 65535
   */
  default void listening(int port) {}

  /**
   * Says that this hook found its library in a state it cannot serve, such as a connector it does
   * not know. The instance report shows it as not applied; the same reason is reported once.
   */
  void notApplied(String reason);

  /**
   * Counts a failure inside a hook that was suppressed or turned into a refusal; the first few are
   * logged as one line.
   */
  void failed(String what, Throwable failure);
}
