package dev.weft.dataplane.database;

import dev.weft.dataplane.filter.RequestContext;
import org.jspecify.annotations.Nullable;

/** Reads the deadline of the request that this call is made for. */
final class DeadlineFilter implements DatabaseFilter {
  @Override
  public DatabaseStage stage() {
    return DatabaseStage.DEADLINE;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    RequestContext context = RequestContext.current();
    if (context == null || context.deadlineNanos() == RequestContext.NO_DEADLINE) {
      return null;
    }
    exchange.deadlineNanos = context.deadlineNanos();
    return check(exchange);
  }

  static @Nullable DatabaseRejection check(DatabaseExchange exchange) {
    if (exchange.deadlineNanos == RequestContext.NO_DEADLINE
        || exchange.deadlineNanos - exchange.nowNanos > 0) {
      return null;
    }
    return exchange.reject(
        DatabaseRejection.Kind.TIMEOUT,
        DatabaseStage.DEADLINE,
        exchange.operation() == DatabaseExchange.Operation.CONNECT ? "08001" : "57014",
        "the caller of this request waits no longer, so " + exchange.address() + " is not asked");
  }
}
