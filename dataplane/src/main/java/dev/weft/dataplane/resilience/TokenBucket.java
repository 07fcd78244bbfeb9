package dev.weft.dataplane.resilience;

import java.util.concurrent.atomic.AtomicLong;

/** One bucket under one {@link TokenRate}. Thread-safe without locks; allocates nothing. */
public final class TokenBucket {
  private final TokenRate rate;
  private final AtomicLong fullAtNanos;

  /**
   * A full bucket.
   *
   * @param perSecond more than 0
   * @param burst at least 1
   */
  public TokenBucket(double perSecond, int burst, long nowNanos) {
    this.rate = TokenRate.of(perSecond, burst);
    this.fullAtNanos = new AtomicLong(nowNanos);
  }

  /** Takes a token, or says that there is none. */
  public boolean tryAcquire(long nowNanos) {
    return rate.take(fullAtNanos, nowNanos) == 0;
  }
}
