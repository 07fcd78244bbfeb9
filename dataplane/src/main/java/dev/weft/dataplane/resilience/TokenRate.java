package dev.weft.dataplane.resilience;

import java.util.concurrent.atomic.AtomicLong;

/**
 * So many per second in the long run and so many at once after a pause (the generic cell rate
 * algorithm). A bucket under it is one number, the time at which it will be full again, so a bucket
 * that is full says nothing and may be forgotten. Immutable.
 */
public final class TokenRate {
  /** 36 years, far from where differences of times would wrap. */
  private static final double LONGEST_NANOS = 1L << 60;

  private final long perTokenNanos;
  private final long burstNanos;

  private TokenRate(long perTokenNanos, long burstNanos) {
    this.perTokenNanos = perTokenNanos;
    this.burstNanos = burstNanos;
  }

  /**
   * A rate.
   *
   * @param perSecond more than 0
   * @param burst at least 1
   */
  public static TokenRate of(double perSecond, int burst) {
    double perToken = Math.max(1, Math.min(LONGEST_NANOS, 1_000_000_000L / perSecond));
    double all = Math.min(LONGEST_NANOS, perToken * Math.max(1, burst));
    return new TokenRate((long) perToken, (long) all);
  }

  /**
   * Takes a token of a bucket.
   *
   * @param fullAtNanos the bucket: when it is full again
   * @return 0, or in how many nanoseconds there will be a token, when there is none
   */
  public long take(AtomicLong fullAtNanos, long nowNanos) {
    for (; ; ) {
      long before = fullAtNanos.get();
      long from = before - nowNanos > 0 ? before : nowNanos;
      long missing = from - nowNanos + perTokenNanos - burstNanos;
      if (missing > 0) {
        return missing;
      }
      if (fullAtNanos.compareAndSet(before, from + perTokenNanos)) {
        return 0;
      }
    }
  }
}
