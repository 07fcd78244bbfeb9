package dev.weft.dataplane.telemetry;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Wall-clock time of a monotonic reading, in nanoseconds since 1970. Reads the wall clock only
 * every ten seconds, so that spans of one process stay in order to the nanosecond and follow a
 * corrected clock nonetheless. Thread-safe.
 */
final class EpochClock {

  private static final long ANCHOR_NANOS = 10_000_000_000L;

  private final Clock wall;
  private final LongSupplier nanos;
  private volatile long[] anchor;

  EpochClock(Clock wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.anchor = anchor();
  }

  static EpochClock system() {
    return new EpochClock(Clock.systemUTC(), System::nanoTime);
  }

  /** The monotonic clock, in nanoseconds. */
  long nanos() {
    return nanos.getAsLong();
  }

  /** Nanoseconds since 1970 at the monotonic reading {@code at}, which is not far from now. */
  long epochNanos(long at) {
    long[] current = anchor;
    if (at - current[0] > ANCHOR_NANOS) {
      current = anchor();
      anchor = current;
    }
    return current[1] + (at - current[0]);
  }

  private long[] anchor() {
    Instant now = wall.instant();
    return new long[] {nanos.getAsLong(), now.getEpochSecond() * 1_000_000_000L + now.getNano()};
  }
}
