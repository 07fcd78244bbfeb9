package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a new endpoint is brought up to its share (Istio WarmupConfiguration, Envoy slow start).
 * Immutable.
 */
public final class Warmup {
  /** How long it takes, in milliseconds, at least 1. */
  public final long durationMillis;

  /** Least part of its weight that an endpoint has from the first, 0 to 100. */
  public final double minimumPercent;

  /** Greater than 0: 1 is a straight rise, more is faster at first, less is slower. */
  public final double aggression;

  private Warmup(Builder b) {
    this.durationMillis = b.durationMillis;
    this.minimumPercent = b.minimumPercent;
    this.aggression = b.aggression;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .durationMillis(durationMillis)
        .minimumPercent(minimumPercent)
        .aggression(aggression);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {durationMillis, minimumPercent, aggression};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Warmup && Arrays.equals(fields(), ((Warmup) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Warmup" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private long durationMillis = 1;
    private double minimumPercent = 10;
    private double aggression = 1;

    private Builder() {}

    /** Sets {@link Warmup#durationMillis}. */
    public Builder durationMillis(long durationMillis) {
      this.durationMillis = durationMillis;
      return this;
    }

    /** Sets {@link Warmup#minimumPercent}. */
    public Builder minimumPercent(double minimumPercent) {
      this.minimumPercent = minimumPercent;
      return this;
    }

    /** Sets {@link Warmup#aggression}. */
    public Builder aggression(double aggression) {
      this.aggression = aggression;
      return this;
    }

    /** Returns the finished object. */
    public Warmup build() {
      return new Warmup(this);
    }
  }
}
