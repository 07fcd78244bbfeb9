package dev.weft.dataplane.database;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import org.jspecify.annotations.Nullable;

/** Asks the database's circuit breaker; half open it lets a few calls try. */
final class BreakFilter implements DatabaseFilter {
  @Override
  public DatabaseStage stage() {
    return DatabaseStage.BREAK;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    CircuitBreaker breaker = exchange.target.breaker;
    if (breaker == null) {
      return null;
    }
    if (breaker.tryAcquirePermission()) {
      exchange.permitted = true;
      return null;
    }
    if (exchange.endsTransaction()) {
      return null;
    }
    exchange.target.state.breakerRefused(exchange.nowNanos);
    return exchange.reject(
        DatabaseRejection.Kind.TRANSIENT_CONNECTION,
        DatabaseStage.BREAK,
        exchange.operation() == DatabaseExchange.Operation.CONNECT ? "08001" : "53000",
        "the circuit breaker of "
            + exchange.address()
            + " is open because the database failed; it is tried again after the breaker's"
            + " openTime");
  }

  @Override
  public void release(DatabaseExchange exchange) {
    // CLASSIFY takes the outcome and clears the mark; what is left was never sent.
    CircuitBreaker breaker = exchange.target.breaker;
    if (exchange.permitted && breaker != null) {
      exchange.permitted = false;
      breaker.releasePermission();
    }
  }
}
