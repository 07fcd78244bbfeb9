package dev.weft.dataplane.resilience;

import dev.weft.policy.snapshot.RetryBudget;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Holds retries to a share of requests, so that a destination in trouble is not buried under them
 * (ADR 0022, ADR 0185, ADR 0212).
 *
 * <p>Requests and retries are counted over a sliding window. A retry is allowed while retries stay
 * within {@code percent} of requests; or, where there are too few requests for a share to mean
 * much, within {@code minRetryConcurrency} retries a second. Envoy's budget compares what is in
 * flight instead, which lets a serial caller repeat every call; counting keeps the promised share
 * in time. What is left of the window may be used up at once by calls that an instance cut short,
 * as when it is killed; retries of work keep to a {@link RetryPace} besides. Attempts that found no
 * connection were no load, so their retries only take the place that was meant for them: they have
 * a count of their own, of as many as there are requests.
 *
 * <p>A request that is itself part of a retry further up counts as a retry: however many hops retry
 * one after the other, together they keep to the share. Thread-safe without locks; the share may be
 * missed by as many as race in the same instant.
 */
public final class RetryBudgetState {
  /** So many retries in a tenth of the window are few, whatever the share (ADR 0212). */
  private static final int LEAST = 30;

  /** Requests, and retries with those that came from callers. */
  private final SlidingCounts calls = new SlidingCounts();

  /** Retries of attempts without a connection, in the second count. */
  private final SlidingCounts unconnected = new SlidingCounts();

  private final AtomicInteger retrying = new AtomicInteger();

  /** Made by the first failure that was work: nearly all destinations never need one. */
  private final AtomicReference<@Nullable RetryPace> pace = new AtomicReference<>();

  RetryBudgetState() {}

  /**
   * A request (not a retry of this process) was started.
   *
   * @param ofRetry whether it is made for a request that is a retry of its caller
   */
  public void request(RetryBudget policy, boolean ofRetry, long nowNanos) {
    if (ofRetry) {
      calls.second(policy.budgetIntervalMillis, nowNanos);
    } else {
      calls.first(policy.budgetIntervalMillis, nowNanos);
    }
    RetryPace paced = pace.get();
    if (paced != null) {
      paced.request(ofRetry);
    }
  }

  /** An attempt failed that cost the callee work, and that the policy would repeat. */
  public void failedAtWork(long nowNanos) {
    paced(nowNanos).failure();
  }

  private RetryPace paced(long nowNanos) {
    RetryPace known = pace.get();
    if (known != null) {
      return known;
    }
    RetryPace made = new RetryPace(nowNanos);
    if (pace.compareAndSet(null, made)) {
      return made;
    }
    RetryPace others = pace.get();
    return others == null ? made : others;
  }

  /**
   * Takes permission for a retry.
   *
   * @param maxRetries retries at a time at most, 0 for no limit; {@link #finished} gives back
   * @param cost what the attempt before may have cost
   */
  public boolean tryRetry(RetryBudget policy, int maxRetries, AttemptCost cost, long nowNanos) {
    if (maxRetries > 0 && retrying.get() >= maxRetries) {
      return false;
    }
    long window = policy.budgetIntervalMillis;
    double floor = policy.minRetryConcurrency * (window / 1_000.0);
    long counted = calls.sums(window, nowNanos);
    long requests = SlidingCounts.first(counted);
    long retries = SlidingCounts.second(counted);
    SlidingCounts counts = cost == AttemptCost.NONE ? unconnected : calls;
    if (cost == AttemptCost.NONE) {
      long repeated = SlidingCounts.second(unconnected.sums(window, nowNanos));
      boolean none = policy.percent == 0 && floor == 0;
      if (none || repeated + 1 > Math.max((double) (requests + retries), floor)) {
        return false;
      }
    } else if (retries + 1 > Math.max(requests * policy.percent / 100, floor)
        || (cost == AttemptCost.WORK
            && !(withinPresent(policy, nowNanos) && paced(nowNanos).tryRetry(policy, nowNanos)))) {
      return false;
    }
    counts.second(window, nowNanos);
    retrying.incrementAndGet();
    return true;
  }

  /** What is in store must not make a tenth of the window get more than its share, either. */
  private boolean withinPresent(RetryBudget policy, long nowNanos) {
    long window = policy.budgetIntervalMillis;
    long counted = calls.present(window, nowNanos);
    double share = SlidingCounts.first(counted) * policy.percent / 100;
    double floor = policy.minRetryConcurrency * (window / 10_000.0);
    return SlidingCounts.second(counted) + 1
        <= Math.max(share, policy.percent == 0 ? floor : Math.max(floor, LEAST));
  }

  /** A retry that was allowed has ended. */
  public void finished() {
    retrying.decrementAndGet();
  }
}
