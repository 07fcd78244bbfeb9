package dev.weft.controlserver;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * A wall clock and a monotonic clock that move only when told to; the wall clock may jump alone.
 */
public final class FakeTime extends Clock implements LongSupplier {
  private volatile Instant wall;
  private volatile long nanos = 1_000_000_000L;

  public FakeTime(Instant start) {
    wall = start;
  }

  public void advance(Duration by) {
    wall = wall.plus(by);
    nanos += by.toNanos();
  }

  public void jumpWall(Duration by) {
    wall = wall.plus(by);
  }

  @Override
  public long getAsLong() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return wall;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
