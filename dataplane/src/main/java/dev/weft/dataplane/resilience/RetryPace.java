package dev.weft.dataplane.resilience;

import dev.weft.policy.snapshot.RetryBudget;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * Paces retries of what was work for the callee. Two levels are kept. One rises with the policy's
 * share of each request and falls by one with each retry, those that came from callers included; it
 * holds so few that a callee in trouble never gets the retries of a long quiet time at once. The
 * other rises by half with each attempt and falls by one with each failure: where more than half of
 * all attempts fail, a retry is no help but load (gRPC's retry throttling, gRFC A6, with a ratio of
 * a half). Both rise with time, so that callers of few requests can retry. Thread-safe without
 * locks; requests pay one counter, the levels are computed when a retry is asked for.
 */
final class RetryPace {
  /** Failures in a row without a retry between them that a healthy destination may have. */
  private static final double MOST_HEALTH = 20;

  private static final double LEAST_BURST = 10;

  private final LongAdder requests = new LongAdder();
  private final LongAdder inherited = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final AtomicReference<Levels> levels;

  private static final class Levels {
    final long requests;
    final long inherited;
    final long failures;
    final long nanos;
    final double tokens;
    final double health;

    Levels(long requests, long inherited, long failures, long nanos, double tokens, double health) {
      this.requests = requests;
      this.inherited = inherited;
      this.failures = failures;
      this.nanos = nanos;
      this.tokens = tokens;
      this.health = health;
    }
  }

  RetryPace(long nowNanos) {
    levels = new AtomicReference<>(new Levels(0, 0, 0, nowNanos, Double.MAX_VALUE, MOST_HEALTH));
  }

  void request(boolean ofRetry) {
    (ofRetry ? inherited : requests).increment();
  }

  void failure() {
    failures.increment();
  }

  boolean tryRetry(RetryBudget policy, long nowNanos) {
    double each = policy.minRetryConcurrency;
    double most = Math.max(LEAST_BURST, each * policy.budgetIntervalMillis / 1_000);
    for (; ; ) {
      Levels before = Objects.requireNonNull(levels.get());
      // In this order: what is counted meanwhile makes the levels higher next time, never lost.
      long failed = failures.sum();
      long started = requests.sum();
      long repeated = inherited.sum();
      long passed = Math.max(0, nowNanos - before.nanos);
      double byTime = each * passed / 1_000_000_000L;
      double earned = Math.max((started - before.requests) * policy.percent / 100, byTime);
      // Retries of callers are not ours to refuse: what they take beyond the share is owed.
      double tokens = clamp(before.tokens + earned - (repeated - before.inherited), -most, most);
      long attempts = started - before.requests + repeated - before.inherited;
      double health =
          clamp(
              before.health + attempts * 0.5 + byTime - (failed - before.failures), 0, MOST_HEALTH);
      // A share of all requests asks for every retry, whatever becomes of it.
      boolean allowed = tokens >= 1 && (health >= 1 || policy.percent >= 100);
      Levels after =
          new Levels(
              started,
              repeated,
              failed,
              before.nanos + passed,
              allowed ? tokens - 1 : tokens,
              allowed ? health + 0.5 : health);
      if (levels.compareAndSet(before, after)) {
        return allowed;
      }
    }
  }

  private static double clamp(double level, double least, double most) {
    return Math.max(least, Math.min(most, level));
  }
}
