package dev.weft.agent.control;

import dev.weft.policy.trust.ControlServerTrust;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The identity in force, its times on the monotonic clock, which no change of the wall clock moves,
 * and the TLS context it presents itself with. Immutable but for that context, which is made when
 * first needed. Thread-safe.
 */
final class AgentIdentity {

  private static final double RENEW_AT = 2.0 / 3;
  private static final double JITTER = 0.1;

  final Credentials svid;
  final long expiresNanos;
  final long renewNanos;
  private @Nullable SSLSocketFactory sockets;

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

  /**
   * Sockets to the control server that present this identity and trust its bundle. Connections of
   * one identity resume each other's session: the second costs a quarter of the first.
   */
  synchronized SSLSocketFactory sockets(Clock clock) throws GeneralSecurityException {
    SSLSocketFactory made = sockets;
    if (made == null) {
      made = ControlTls.sockets(svid, ControlServerTrust.bundle(svid.bundle(), clock));
      sockets = made;
    }
    return made;
  }

  boolean isExpired(long now) {
    return now - expiresNanos >= 0;
  }
}
