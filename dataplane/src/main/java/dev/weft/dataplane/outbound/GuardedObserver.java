package dev.weft.dataplane.outbound;

import java.util.concurrent.atomic.AtomicLong;

/** Lets an observer fail without harm: what it throws is swallowed and counted. Thread-safe. */
final class GuardedObserver implements ExchangeObserver {
  private final ExchangeObserver observer;
  private final AtomicLong failures = new AtomicLong();

  GuardedObserver(ExchangeObserver observer) {
    this.observer = observer;
  }

  long failures() {
    return failures.get();
  }

  // Throwable on purpose: a LinkageError in telemetry must not cost the application a request.

  @Override
  public void started(OutboundExchange exchange) {
    try {
      observer.started(exchange);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void attempting(OutboundExchange exchange, Attempt attempt) {
    try {
      observer.attempting(exchange, attempt);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void attempted(OutboundExchange exchange, Attempt attempt) {
    try {
      observer.attempted(exchange, attempt);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void retrying(OutboundExchange exchange) {
    try {
      observer.retrying(exchange);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void hedging(OutboundExchange exchange) {
    try {
      observer.hedging(exchange);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void decided(OutboundExchange exchange, Attempt attempt) {
    try {
      observer.decided(exchange, attempt);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }

  @Override
  public void ended(OutboundExchange exchange) {
    try {
      observer.ended(exchange);
    } catch (Throwable failed) {
      failures.incrementAndGet();
    }
  }
}
