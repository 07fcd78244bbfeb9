package dev.weft.dataplane.database;

import dev.weft.policy.snapshot.DatabasePolicy;
import org.jspecify.annotations.Nullable;

/** Says how long the driver may take: what policy says, or less when the deadline is nearer. */
final class TimeoutFilter implements DatabaseFilter {
  @Override
  public DatabaseStage stage() {
    return DatabaseStage.TIMEOUT;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    DatabaseRejection late = DeadlineFilter.check(exchange);
    if (late != null) {
      return late;
    }
    DatabasePolicy policy = exchange.target.document();
    boolean connect = exchange.operation() == DatabaseExchange.Operation.CONNECT;
    long allowed = connect ? policy.connections.timeoutMillis : policy.statements.timeoutMillis;
    long left = exchange.millisLeft();
    long millis = left == 0 ? allowed : allowed == 0 ? left : Math.min(allowed, left);
    exchange.timeoutMillis = millis;
    ConnectAttempt attempt = exchange.attempt;
    if (attempt != null) {
      attempt.limit(millis);
    }
    return null;
  }
}
