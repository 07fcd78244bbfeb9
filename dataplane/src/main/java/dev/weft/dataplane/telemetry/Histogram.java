package dev.weft.dataplane.telemetry;

import java.util.concurrent.atomic.LongAdder;

/**
 * Durations counted in buckets. The bounds are those that the OpenTelemetry semantic conventions
 * advise for durations of HTTP requests, or of operations of databases. Thread-safe; recording
 * takes no lock and allocates nothing.
 */
public final class Histogram {

  private static final double[] OF_REQUESTS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };
  private static final double[] OF_DATABASES = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10};

  private final double[] boundsSeconds;
  private final long[] boundsNanos;
  private final LongAdder[] buckets;
  private final LongAdder sumNanos = new LongAdder();

  private Histogram(double[] boundsSeconds) {
    this.boundsSeconds = boundsSeconds;
    this.boundsNanos = new long[boundsSeconds.length];
    this.buckets = new LongAdder[boundsNanos.length + 1];
    for (int i = 0; i < boundsNanos.length; i++) {
      boundsNanos[i] = Math.round(boundsSeconds[i] * 1e9);
    }
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  static Histogram ofRequests() {
    return new Histogram(OF_REQUESTS);
  }

  static Histogram ofDatabases() {
    return new Histogram(OF_DATABASES);
  }

  /** Counts one duration, in nanoseconds; a negative one counts as zero. */
  public void record(long nanos) {
    long value = Math.max(0, nanos);
    int bucket = 0;
    while (bucket < boundsNanos.length && value > boundsNanos[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    sumNanos.add(value);
  }

  /** Upper bounds in seconds, without the last, infinite one. */
  double[] boundsSeconds() {
    return boundsSeconds.clone();
  }

  /** Counts per bucket, not cumulative; one more than there are bounds. */
  long[] counts() {
    long[] counts = new long[buckets.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets[i].sum();
    }
    return counts;
  }

  double sumSeconds() {
    return sumNanos.sum() / 1e9;
  }
}
