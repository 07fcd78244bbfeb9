package dev.weft.dataplane.resilience;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets through so many per second in the long run and so many at once after a pause (the generic
 * cell rate algorithm: one number says when the bucket will be full again). Thread-safe without
 * locks; allocates nothing.
 */
public final class TokenBucket {
  private final AtomicLong fullAtNanos;
  private final long perTokenNanos;
  private final long burstNanos;

  /**
   * A full bucket.
   *
   * @param perSecond more than 0
   * @param burst at least 1
   */
  public TokenBucket(double perSecond, int burst, long nowNanos) {
    this.perTokenNanos = Math.max(1, (long) (1_000_000_000L / perSecond));
    this.burstNanos = perTokenNanos * Math.max(1, burst);
    this.fullAtNanos = new AtomicLong(nowNanos);
  }

  /** Takes a token, or says that there is none. */
  public boolean tryAcquire(long nowNanos) {
    for (; ; ) {
      long before = fullAtNanos.get();
      long from = before - nowNanos > 0 ? before : nowNanos;
      long after = from + perTokenNanos;
      if (after - nowNanos > burstNanos) {
        return false;
      }
      if (fullAtNanos.compareAndSet(before, after)) {
        return true;
      }
    }
  }
}
