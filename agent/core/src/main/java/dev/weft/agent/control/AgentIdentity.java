package dev.weft.agent.control;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The identity in force and its times on the monotonic clock, which no change of the wall clock
 * moves. Immutable.
 */
final class AgentIdentity {

  private static final double RENEW_AT = 2.0 / 3;
  private static final double JITTER = 0.1;

  final Credentials svid;
  final long expiresNanos;
  final long renewNanos;

  private AgentIdentity(Credentials svid, long expiresNanos, long renewNanos) {
    this.svid = svid;
    this.expiresNanos = expiresNanos;
    this.renewNanos = renewNanos;
  }

  /**
   * An identity that has {@code life} left at {@code now}; it is renewed after two thirds of that,
   * give or take a tenth, so that agents that joined together do not renew together.
   *
   * @param random uniform in [0, 1)
   */
  static AgentIdentity of(Credentials svid, Duration life, long now, DoubleSupplier random) {
    long nanos = Math.max(0, life.toNanos());
    double spread = 1 + JITTER * (2 * random.getAsDouble() - 1);
    return new AgentIdentity(svid, now + nanos, now + (long) (nanos * RENEW_AT * spread));
  }

  AgentIdentity withBundle(Credentials same) {
    return new AgentIdentity(same, expiresNanos, renewNanos);
  }

  boolean isExpired(long now) {
    return now - expiresNanos >= 0;
  }
}
