package dev.weft.dataplane.resilience;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Exponentially weighted moving average of how long an endpoint takes, as Finagle's peak EWMA: a
 * slow answer counts at once, quick ones bring it down over {@value #WINDOW_SECONDS} seconds, and
 * so does silence, so that a slow endpoint is tried again. Thread-safe without locks; an answer may
 * be lost to one that comes in the same instant.
 */
public final class LatencyAverage {
  private static final long WINDOW_SECONDS = 10;
  private static final double WINDOW_NANOS = WINDOW_SECONDS * 1e9;

  /** A failure counts as an answer after so long: who fails fast must not look fast. */
  private static final long FAILURE_NANOS = 1_000_000_000L;

  private final AtomicReference<@Nullable Point> latest = new AtomicReference<>();

  private static final class Point {
    final double nanos;
    final long atNanos;

    Point(double nanos, long atNanos) {
      this.nanos = nanos;
      this.atNanos = atNanos;
    }

    double decayed(long nowNanos) {
      return nanos * Math.exp(-Math.max(0, nowNanos - atNanos) / WINDOW_NANOS);
    }
  }

  /** Counts an attempt that took so long. */
  public void record(long tookNanos, boolean failed, long nowNanos) {
    double took = Math.max(1, failed ? Math.max(tookNanos, FAILURE_NANOS) : tookNanos);
    Point before = latest.get();
    if (before != null && took < before.nanos) {
      double old = Math.exp(-Math.max(0, nowNanos - before.atNanos) / WINDOW_NANOS);
      took = before.nanos * old + took * (1 - old);
    }
    latest.compareAndSet(before, new Point(took, nowNanos));
  }

  /** The average now; 0 when nothing was counted. */
  public double nanos(long nowNanos) {
    Point known = latest.get();
    return known == null ? 0 : known.decayed(nowNanos);
  }
}
