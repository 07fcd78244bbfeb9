package dev.weft.dataplane.database;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.resilience.TokenBucket;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds connections and statements at a time, for which a call may wait, and statements per
 * second, for which it may not.
 */
final class AdmitFilter implements DatabaseFilter {
  private static final DatabaseRejection.Kind KIND = DatabaseRejection.Kind.TRANSIENT_CONNECTION;

  private final LongSupplier nanos;

  AdmitFilter(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public DatabaseStage stage() {
    return DatabaseStage.ADMIT;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    return exchange.operation() == DatabaseExchange.Operation.CONNECT
        ? connection(exchange)
        : statement(exchange);
  }

  private @Nullable DatabaseRejection connection(DatabaseExchange exchange) {
    Capacity places = exchange.target.connections;
    if (places == null) {
      return null;
    }
    exchange.target.state.reclaim();
    if (take(exchange, places, exchange.target.document().connections.maxWaitMillis)) {
      return null;
    }
    return exchange.reject(
        KIND,
        DatabaseStage.ADMIT,
        "08004",
        places.size()
            + " connections to "
            + exchange.address()
            + " are open already: close some, or raise connections.max");
  }

  private @Nullable DatabaseRejection statement(DatabaseExchange exchange) {
    boolean unlimited = exchange.target.statements == null && exchange.target.rate == null;
    if (unlimited || exchange.endsTransaction()) {
      return null;
    }
    Capacity places = exchange.target.statements;
    if (places != null
        && !take(exchange, places, exchange.target.document().statements.maxWaitMillis)) {
      return exchange.reject(
          KIND,
          DatabaseStage.ADMIT,
          "53300",
          places.size()
              + " statements on "
              + exchange.address()
              + " are running already: try again later, or raise statements.maxConcurrent");
    }
    TokenBucket rate = exchange.target.rate;
    if (rate != null && !rate.tryAcquire(exchange.nowNanos)) {
      release(exchange);
      return exchange.reject(
          KIND,
          DatabaseStage.ADMIT,
          "53400",
          "more than "
              + exchange.target.document().statements.perSecond
              + " statements per second on "
              + exchange.address()
              + ": try again later, or raise statements.rateLimit");
    }
    return null;
  }

  private boolean take(DatabaseExchange exchange, Capacity places, long waitMillis) {
    long waitNanos = waitMillis * 1_000_000;
    RequestContext context = RequestContext.current();
    if (context != null && context.deadlineNanos() != RequestContext.NO_DEADLINE) {
      waitNanos = Math.min(waitNanos, context.deadlineNanos() - exchange.nowNanos);
    }
    if (!places.tryAcquire(waitNanos)) {
      return false;
    }
    exchange.place = places;
    if (waitMillis > 0) {
      exchange.nowNanos = nanos.getAsLong();
    }
    return true;
  }

  @Override
  public void release(DatabaseExchange exchange) {
    Capacity place = exchange.place;
    if (place != null && !exchange.placeKept) {
      exchange.place = null;
      place.release();
    }
  }
}
