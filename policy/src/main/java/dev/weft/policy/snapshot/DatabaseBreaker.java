package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** When a database counts as down, and for how long it is left alone then. */
public final class DatabaseBreaker {
  /** Calls looked at, the latest ones. */
  public final int window;

  /** Share of failures among them, in percent, that opens the breaker. */
  public final int failurePercent;

  /** Milliseconds until a call may try the database again. */
  public final long openMillis;

  /** Calls that try it, all of which decide. */
  public final int probes;

  private DatabaseBreaker(Builder b) {
    this.window = b.window;
    this.failurePercent = b.failurePercent;
    this.openMillis = b.openMillis;
    this.probes = b.probes;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .window(window)
        .failurePercent(failurePercent)
        .openMillis(openMillis)
        .probes(probes);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {window, failurePercent, openMillis, probes};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DatabaseBreaker
        && Arrays.equals(fields(), ((DatabaseBreaker) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "DatabaseBreaker" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private int window = 5;
    private int failurePercent = 100;
    private long openMillis = 30_000L;
    private int probes = 1;

    private Builder() {}

    /** Sets {@link DatabaseBreaker#window}. */
    public Builder window(int window) {
      this.window = window;
      return this;
    }

    /** Sets {@link DatabaseBreaker#failurePercent}. */
    public Builder failurePercent(int failurePercent) {
      this.failurePercent = failurePercent;
      return this;
    }

    /** Sets {@link DatabaseBreaker#openMillis}. */
    public Builder openMillis(long openMillis) {
      this.openMillis = openMillis;
      return this;
    }

    /** Sets {@link DatabaseBreaker#probes}. */
    public Builder probes(int probes) {
      this.probes = probes;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public DatabaseBreaker build() {
      return new DatabaseBreaker(this);
    }
  }
}
