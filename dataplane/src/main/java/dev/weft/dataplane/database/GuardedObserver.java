package dev.weft.dataplane.database;

import java.util.concurrent.atomic.AtomicLong;

/** Lets an observer fail without harm: what it throws is swallowed and counted. Thread-safe. */
final class GuardedObserver implements DatabaseObserver {
  private final DatabaseObserver observer;
  private final AtomicLong failures = new AtomicLong();

  GuardedObserver(DatabaseObserver observer) {
    this.observer = observer;
  }

  long failures() {
    return failures.get();
  }

  // Throwable on purpose: a LinkageError in telemetry must not cost the application a statement.

  @Override
  public void started(DatabaseExchange exchange) {
    try {
      observer.started(exchange);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void retrying(DatabaseExchange exchange) {
    try {
      observer.retrying(exchange);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void ended(DatabaseExchange exchange) {
    try {
      observer.ended(exchange);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void opened(DatabaseAddress address) {
    try {
      observer.opened(address);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void ejected(DatabaseAddress address) {
    try {
      observer.ejected(address);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }
}
