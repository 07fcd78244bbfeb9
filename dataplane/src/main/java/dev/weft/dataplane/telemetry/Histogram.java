package dev.weft.dataplane.telemetry;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Durations counted in buckets. The bounds are those that the OpenTelemetry semantic conventions
 * advise for HTTP durations. Thread-safe; recording takes no lock and allocates nothing.
 */
public final class Histogram {

  private static final double[] BOUNDS_SECONDS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };
  private static final long[] BOUNDS_NANOS =
      Arrays.stream(BOUNDS_SECONDS).mapToLong(s -> Math.round(s * 1e9)).toArray();

  private final LongAdder[] buckets = new LongAdder[BOUNDS_NANOS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  Histogram() {
    Arrays.setAll(buckets, i -> new LongAdder());
  }

  /** Counts one duration, in nanoseconds; a negative one counts as zero. */
  public void record(long nanos) {
    long value = Math.max(0, nanos);
    int bucket = 0;
    while (bucket < BOUNDS_NANOS.length && value > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    sumNanos.add(value);
  }

  /** Upper bounds in seconds, without the last, infinite one. */
  static double[] boundsSeconds() {
    return BOUNDS_SECONDS.clone();
  }

  /** Counts per bucket, not cumulative; one more than there are bounds. */
  long[] counts() {
    return Arrays.stream(buckets).mapToLong(LongAdder::sum).toArray();
  }

  double sumSeconds() {
    return sumNanos.sum() / 1e9;
  }
}
