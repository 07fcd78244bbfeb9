package dev.weft.agent.control;

/** How long the control client waits for what, in milliseconds; tests shorten it. Immutable. */
final class ControlTiming {

  /** For a connection with its handshake. */
  final int connectMillis;

  /** For a request with its answer. */
  final int requestMillis;

  /** How long a watch may be silent; the server sends a heartbeat every 5 s. */
  final int silenceMillis;

  /** Upper bound of the first wait after a failure. */
  final long firstBackoffMillis;

  /** Upper bound of every wait after a failure. */
  final long maxBackoffMillis;

  /** How long endpoints that vanished all at once stay in use. */
  final long graceMillis;

  /** How long the end of the JVM may wait for the deregistration. */
  final long shutdownMillis;

  private ControlTiming(
      int connectMillis,
      int requestMillis,
      int silenceMillis,
      long firstBackoffMillis,
      long maxBackoffMillis,
      long graceMillis,
      long shutdownMillis) {
    this.connectMillis = connectMillis;
    this.requestMillis = requestMillis;
    this.silenceMillis = silenceMillis;
    this.firstBackoffMillis = firstBackoffMillis;
    this.maxBackoffMillis = maxBackoffMillis;
    this.graceMillis = graceMillis;
    this.shutdownMillis = shutdownMillis;
  }

  static ControlTiming standard() {
    return new ControlTiming(3_000, 5_000, 15_000, 200, 10_000, 30_000, 300);
  }

  /** The same with other bounds, for tests. */
  ControlTiming with(int connect, int request, int silence, long maxBackoff, long grace) {
    return new ControlTiming(
        connect, request, silence, Math.min(50, maxBackoff), maxBackoff, grace, shutdownMillis);
  }
}
