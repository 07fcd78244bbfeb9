package dev.weft.dataplane.database;

import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.policy.snapshot.DatabaseConnections;
import org.jspecify.annotations.Nullable;

/** Decides whether a connect that failed is made again, and after what wait. */
final class RetryFilter implements DatabaseFilter {
  /** A wait never grows beyond so many times its base. */
  private static final int BACKOFF_CEILING = 32;

  private final RandomSource random;
  private final GuardedObserver observer;

  RetryFilter(RandomSource random, GuardedObserver observer) {
    this.random = random;
    this.observer = observer;
  }

  @Override
  public DatabaseStage stage() {
    return DatabaseStage.RETRY;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    return null;
  }

  /** Nanoseconds to wait before the next attempt, or -1 when the failure stands. */
  long next(DatabaseExchange exchange) {
    DatabaseConnections policy = exchange.target.document().connections;
    DatabaseFailure sign = exchange.sign;
    if (exchange.attempts > policy.retries || sign == null || !sign.kind().isRepeatable()) {
      return -1;
    }
    long base = policy.backoffMillis * 1_000_000;
    long ceiling = base * Math.min(1L << Math.min(exchange.attempts - 1, 10), BACKOFF_CEILING);
    long wait = (long) (random.nextDouble() * ceiling);
    boolean late =
        exchange.deadlineNanos != RequestContext.NO_DEADLINE
            && exchange.nowNanos + wait - exchange.deadlineNanos >= 0;
    if (late) {
      return -1;
    }
    observer.retrying(exchange);
    return wait;
  }
}
