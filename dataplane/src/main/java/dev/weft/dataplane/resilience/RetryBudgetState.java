package dev.weft.dataplane.resilience;

import dev.weft.policy.snapshot.RetryBudget;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Holds retries to a share of requests, so that a destination in trouble is not buried under them.
 *
 * <p>Requests and retries are counted over a sliding window. A retry is allowed while retries stay
 * within {@code percent} of requests; or, where there are too few requests for a share to mean
 * much, within {@code minRetryConcurrency} retries a second. Envoy's budget compares what is in
 * flight instead, which lets a serial caller repeat every call; counting keeps the promised share
 * in time. What is left of the window may be used up at once by calls that found nobody, as when an
 * instance is killed; calls that were work for the callee keep to their share of the present tenth
 * of the window, too, or an overloaded callee would first of all get the retries of ten seconds.
 * Thread-safe without locks; the share may be missed by as many as race in the same instant.
 */
public final class RetryBudgetState {
  private static final int SLOTS = 10;

  /** Per slot: its epoch in the upper 24 bits, 20 bits of retries, 20 bits of requests. */
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  private final AtomicInteger retrying = new AtomicInteger();

  RetryBudgetState() {}

  /** A request (not a retry) was started. */
  public void request(RetryBudget policy, long nowNanos) {
    add(policy, nowNanos, ONE_REQUEST);
  }

  /**
   * Takes permission for a retry.
   *
   * @param maxRetries retries at a time at most, 0 for no limit; {@link #finished} gives back
   * @param burdened whether the attempt before was work for the callee: it answered, or may have
   *     worked until the time was over
   */
  public boolean tryRetry(RetryBudget policy, int maxRetries, boolean burdened, long nowNanos) {
    if (maxRetries > 0 && retrying.get() >= maxRetries) {
      return false;
    }
    long epoch = epoch(policy, nowNanos);
    long requests = 0;
    long retries = 0;
    long presentRequests = 0;
    long presentRetries = 0;
    for (int i = 0; i < SLOTS; i++) {
      long slot = slots.get(i);
      long age = (epoch - (slot >>> EPOCH_SHIFT)) & EPOCH_MASK;
      if (age < SLOTS) {
        requests += slot & COUNT_MASK;
        retries += (slot >>> RETRY_SHIFT) & COUNT_MASK;
      }
      if (age == 0) {
        presentRequests += slot & COUNT_MASK;
        presentRetries += (slot >>> RETRY_SHIFT) & COUNT_MASK;
      }
    }
    double share = requests * policy.percent / 100;
    double floor = policy.minRetryConcurrency * (policy.budgetIntervalMillis / 1_000.0);
    if (retries + 1 > Math.max(share, floor)) {
      return false;
    }
    double presentShare = presentRequests * policy.percent / 100;
    if (burdened && presentRetries + 1 > Math.max(presentShare, floor)) {
      return false;
    }
    add(policy, nowNanos, ONE_RETRY);
    retrying.incrementAndGet();
    return true;
  }

  /** A retry that was allowed has ended. */
  public void finished() {
    retrying.decrementAndGet();
  }

  private static final int RETRY_SHIFT = 20;
  private static final int EPOCH_SHIFT = 40;
  private static final long COUNT_MASK = (1L << 20) - 1;
  private static final long EPOCH_MASK = (1L << 24) - 1;
  private static final long ONE_REQUEST = 1;
  private static final long ONE_RETRY = 1L << RETRY_SHIFT;

  private static long epoch(RetryBudget policy, long nowNanos) {
    long slotNanos = Math.max(1, policy.budgetIntervalMillis) * (1_000_000 / SLOTS);
    return Math.floorDiv(nowNanos, slotNanos) & EPOCH_MASK;
  }

  private void add(RetryBudget policy, long nowNanos, long one) {
    long epoch = epoch(policy, nowNanos);
    int index = (int) (epoch % SLOTS);
    for (; ; ) {
      long before = slots.get(index);
      boolean current = before >>> EPOCH_SHIFT == epoch;
      long after = current ? before + one : (epoch << EPOCH_SHIFT) | one;
      // A full counter stays full rather than run over into its neighbour.
      boolean full =
          current
              && ((one == ONE_REQUEST ? before : before >>> RETRY_SHIFT) & COUNT_MASK)
                  == COUNT_MASK;
      if (full || slots.compareAndSet(index, before, after)) {
        return;
      }
    }
  }
}
