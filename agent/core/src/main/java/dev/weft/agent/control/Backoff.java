package dev.weft.agent.control;

import java.util.function.DoubleSupplier;

/**
 * Waiting times between attempts: exponential with full jitter, so that agents which lost their
 * control server together do not come back together. Not thread-safe.
 */
final class Backoff {

  private final long firstMillis;
  private final long maxMillis;
  private final DoubleSupplier random;
  private int failures;

  /**
   * A sequence of waiting times.
   *
   * @param firstMillis upper bound of the first wait
   * @param maxMillis upper bound of every wait
   * @param random uniform in [0, 1)
   */
  Backoff(long firstMillis, long maxMillis, DoubleSupplier random) {
    this.firstMillis = firstMillis;
    this.maxMillis = maxMillis;
    this.random = random;
  }

  /**
   * The next wait in milliseconds, at least a tenth of its bound so that a refusal is never
   * hammered.
   */
  long nextMillis() {
    long bound = firstMillis;
    for (int i = 0; i < failures && bound < maxMillis; i++) {
      bound *= 2;
    }
    bound = Math.min(bound, maxMillis);
    failures++;
    return Math.max(bound / 10, (long) (bound * random.getAsDouble()));
  }

  /** The attempt succeeded: begin anew. */
  void reset() {
    failures = 0;
  }
}
