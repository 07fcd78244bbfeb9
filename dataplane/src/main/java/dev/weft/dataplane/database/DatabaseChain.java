package dev.weft.dataplane.database;

import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.identity.TransportSecurity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The filters in their order, and the only code that runs them. A filter that throws refuses the
 * call: what cannot be decided is not let through.
 */
final class DatabaseChain {
  private final DatabaseFilter[] connect;
  private final DatabaseFilter[] attempt;
  private final DatabaseFilter[] statement;
  private final ClassifyFilter classify = new ClassifyFilter();
  private final RetryFilter retry;
  private final ConcludeFilter conclude;
  private final LongSupplier nanos;

  DatabaseChain(
      LongSupplier nanos,
      RandomSource random,
      TransportSecurity transport,
      GuardedObserver observer) {
    ObserveFilter observe = new ObserveFilter(observer);
    AdmitFilter admit = new AdmitFilter(nanos);
    DeadlineFilter deadline = new DeadlineFilter();
    BreakFilter breaker = new BreakFilter();
    TimeoutFilter timeout = new TimeoutFilter();
    this.nanos = nanos;
    this.retry = new RetryFilter(random, observer);
    this.conclude = new ConcludeFilter(observer);
    this.connect = new DatabaseFilter[] {observe, admit, deadline, retry};
    this.attempt =
        new DatabaseFilter[] {
          new BalanceFilter(random), breaker, timeout, new SecureFilter(transport)
        };
    this.statement =
        new DatabaseFilter[] {observe, new GuardFilter(), admit, deadline, breaker, timeout};
  }

  /** The stages of a connect that have a filter, in the order in which they run. */
  List<DatabaseStage> connectStages() {
    List<DatabaseFilter> filters = new ArrayList<>(Arrays.asList(connect));
    filters.addAll(Arrays.asList(attempt));
    return stages(filters);
  }

  /** The same of a statement. */
  List<DatabaseStage> statementStages() {
    return stages(new ArrayList<>(Arrays.asList(statement)));
  }

  private List<DatabaseStage> stages(List<DatabaseFilter> filters) {
    filters.add(classify);
    filters.add(conclude);
    List<DatabaseStage> stages = new ArrayList<>();
    for (DatabaseFilter filter : filters) {
      stages.add(filter.stage());
    }
    return stages;
  }

  /** Runs the stages of the call; null when it may go on. */
  @Nullable DatabaseRejection enter(DatabaseExchange exchange) {
    DatabaseFilter[] filters = ofCall(exchange);
    while (exchange.passedCall < filters.length) {
      DatabaseRejection rejection = apply(filters[exchange.passedCall], exchange);
      if (rejection != null) {
        return rejection;
      }
      exchange.passedCall++;
    }
    return null;
  }

  /** Runs the stages of the next attempt; null when it may go on. */
  @Nullable DatabaseRejection begin(DatabaseExchange exchange) {
    if (exchange.attempts++ > 0) {
      exchange.nowNanos = nanos.getAsLong();
    }
    exchange.failure = null;
    exchange.sign = null;
    while (exchange.passedAttempt < attempt.length) {
      DatabaseRejection rejection = apply(attempt[exchange.passedAttempt], exchange);
      if (rejection != null) {
        releaseAttempt(exchange);
        return rejection;
      }
      exchange.passedAttempt++;
    }
    return null;
  }

  /** Takes the outcome, of a connect or a statement; a failure is null on success. Never throws. */
  void classify(DatabaseExchange exchange, DatabaseCall call, @Nullable Throwable failure) {
    exchange.nowNanos = nanos.getAsLong();
    exchange.failure = failure;
    exchange.sign = failure == null ? null : sign(call, failure);
    // A failure of ours to classify costs the breaker one entry and the call nothing.
    apply(classify, exchange);
  }

  /** The library's failure must reach the application, whatever becomes of reading it. */
  private static DatabaseFailure sign(DatabaseCall call, Throwable failure) {
    try {
      return call.sign(failure);
    } catch (Throwable unread) {
      return DatabaseFailure.of(null, null, 0);
    }
  }

  /** Nanoseconds to wait before the next attempt, or -1 when there is none. */
  long retry(DatabaseExchange exchange) {
    releaseAttempt(exchange);
    try {
      return retry.next(exchange);
    } catch (Throwable failed) {
      // Retries are a help, not a right: without a decision the outcome stands as it is.
      return -1;
    }
  }

  /** Gives everything back and closes the exchange. Never throws. */
  void conclude(DatabaseExchange exchange) {
    releaseAttempt(exchange);
    DatabaseFilter[] filters = ofCall(exchange);
    while (exchange.passedCall > 0) {
      release(filters[--exchange.passedCall], exchange);
    }
    conclude.apply(exchange);
  }

  private DatabaseFilter[] ofCall(DatabaseExchange exchange) {
    return exchange.operation() == DatabaseExchange.Operation.CONNECT ? connect : statement;
  }

  private void releaseAttempt(DatabaseExchange exchange) {
    while (exchange.passedAttempt > 0) {
      release(attempt[--exchange.passedAttempt], exchange);
    }
  }

  private static void release(DatabaseFilter filter, DatabaseExchange exchange) {
    try {
      filter.release(exchange);
    } catch (RuntimeException ignored) {
      // The next filter still has to give back what it took.
    }
  }

  private static @Nullable DatabaseRejection apply(
      DatabaseFilter filter, DatabaseExchange exchange) {
    try {
      return filter.apply(exchange);
    } catch (Throwable failed) {
      boolean connect = exchange.operation() == DatabaseExchange.Operation.CONNECT;
      return exchange.reject(
          DatabaseRejection.Kind.TRANSIENT_CONNECTION,
          filter.stage(),
          connect ? "08001" : "53000",
          "the mesh agent failed to decide: " + failed);
    }
  }
}
