package dev.weft.dataplane.database;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads how a call ended and tells breaker and balancer. */
final class ClassifyFilter implements DatabaseFilter {
  /** A failure without a stack, for the breaker's books. */
  private static final class DatabaseDown extends Exception {
    private static final long serialVersionUID = 1L;

    DatabaseDown() {
      super("database down", null, false, false);
    }
  }

  @Override
  public DatabaseStage stage() {
    return DatabaseStage.CLASSIFY;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    DatabaseFailure sign = exchange.sign;
    boolean down = sign != null && sign.kind().isDown() && !cancelled(exchange, sign);
    CircuitBreaker breaker = exchange.target.breaker;
    if (exchange.permitted && breaker != null) {
      exchange.permitted = false;
      if (down) {
        breaker.onError(0, TimeUnit.NANOSECONDS, new DatabaseDown());
      } else {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      }
    }
    ConnectAttempt attempt = exchange.attempt;
    HostState host = attempt == null ? null : attempt.hostState();
    ReplicaSet replicas = exchange.target.replicas;
    if (host != null && replicas != null) {
      host.state()
          .record(down ? 0 : 200, exchange.hostProbe, replicas.settings(), exchange.nowNanos);
      exchange.hostProbe = false;
    }
    return null;
  }

  /** A statement that ended early was cancelled by the application: that is no sign of weakness. */
  private static boolean cancelled(DatabaseExchange exchange, DatabaseFailure sign) {
    return sign.kind() == DatabaseFailure.Kind.TIMEOUT
        && exchange.operation() == DatabaseExchange.Operation.STATEMENT
        && (exchange.timeoutMillis == 0
            || exchange.durationNanos() < exchange.timeoutMillis * 1_000_000);
  }
}
