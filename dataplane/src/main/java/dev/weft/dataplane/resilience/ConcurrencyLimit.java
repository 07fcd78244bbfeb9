package dev.weft.dataplane.resilience;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests may be under way at a time, found out from how long they take: as long as more
 * of them at once take no longer, the limit rises; when they take longer than they do in quiet,
 * they wait for each other, and the limit falls in proportion (a gradient, as in Envoy's adaptive
 * concurrency and Netflix' Gradient2).
 *
 * <p>What they take in quiet is the average of times in which less than half of the limit was in
 * use, or no less than the least. So it does not drift up with the queue under a load that lasts;
 * and when requests come to take longer for another reason than each other, the limit falls to the
 * least, learns that they do, and rises again.
 *
 * <p>Thread-safe without locks. Counts are taken over without stopping the world, so that a sample
 * may count for the next time.
 */
public final class ConcurrencyLimit {
  /** Shorter times say little: garbage collection, and few samples. */
  private static final long WINDOW_NANOS = 200_000_000L;

  private static final int LEAST_SAMPLES = 20;

  /** So much longer than in quiet is no sign of waiting: requests are not all alike. */
  private static final double TOLERANCE = 1.5;

  /** In one time the limit halves at most. */
  private static final double STEEPEST = 0.5;

  /** How much of a new limit, or of a new time in quiet, counts. */
  private static final double SMOOTHING = 0.5;

  private final int least;
  private final int most;
  private final AtomicInteger active = new AtomicInteger();
  private final LongAdder samples = new LongAdder();
  private final LongAdder sumNanos = new LongAdder();
  private final AtomicLong windowStart;
  private volatile int peak;
  private volatile int limit;

  /** Both written only by who has taken the window over; before the first, 0. */
  private volatile double exact;

  private volatile double quietNanos;

  /**
   * A limit.
   *
   * @param least at least 1
   * @param most at least {@code least}
   * @param first between both
   */
  public ConcurrencyLimit(int least, int most, int first, long nowNanos) {
    this.least = least;
    this.most = most;
    this.exact = first;
    this.limit = first;
    this.windowStart = new AtomicLong(nowNanos);
  }

  /**
   * Takes a place, to be given back with {@link #release}.
   *
   * @param share percent of the limit that may be in use with this one, 1 to 100; one is always
   *     allowed
   */
  public boolean tryAcquire(int share) {
    int allowed = Math.max(1, (int) ((long) limit * share / 100));
    for (; ; ) {
      int now = active.get();
      if (now >= allowed) {
        return false;
      }
      if (active.compareAndSet(now, now + 1)) {
        if (now >= peak) {
          peak = now + 1;
        }
        return true;
      }
    }
  }

  /**
   * Gives a place back.
   *
   * @param tells whether the time it took says how busy the application is; not that of an error,
   *     which is often quick
   */
  public void release(long startNanos, long nowNanos, boolean tells) {
    active.decrementAndGet();
    if (!tells) {
      return;
    }
    sumNanos.add(Math.max(0, nowNanos - startNanos));
    samples.increment();
    long start = windowStart.get();
    if (nowNanos - start >= WINDOW_NANOS
        && samples.sum() >= LEAST_SAMPLES
        && windowStart.compareAndSet(start, nowNanos)) {
      adjust();
    }
  }

  private void adjust() {
    double count = Math.max(1, samples.sumThenReset());
    double mean = Math.max(1, sumNanos.sumThenReset() / count);
    int busiest = peak;
    peak = active.get();
    boolean quiet = busiest * 2 <= limit || limit <= least;
    double usual = quietNanos;
    if (usual == 0 || limit <= least) {
      usual = mean;
    } else if (mean < usual || quiet) {
      usual += (mean - usual) * SMOOTHING;
    }
    quietNanos = usual;
    double gradient = Math.max(STEEPEST, Math.min(1, TOLERANCE * usual / mean));
    if (gradient == 1 && quiet && limit > least) {
      // Nobody needs more: what was found out under load stays.
      return;
    }
    double before = exact;
    double wanted = before * gradient + Math.sqrt(before);
    exact = Math.max(least, Math.min(most, before + (wanted - before) * SMOOTHING));
    limit = (int) Math.round(exact);
  }

  /** How many may be under way now. */
  public int limit() {
    return limit;
  }

  /** How many are. */
  public int active() {
    return active.get();
  }
}
