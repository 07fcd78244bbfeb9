package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which statements may run on a database, how many, and for how long. */
public final class DatabaseStatements {
  /** Milliseconds a statement may run; 0 for no limit. */
  public final long timeoutMillis;

  /** Milliseconds from which on a statement is slow and logged; 0 logs none. */
  public final long slowMillis;

  /** Statements running at a time; 0 for no limit. */
  public final int maxConcurrent;

  /** Milliseconds to wait for one of them to end. */
  public final long maxWaitMillis;

  /** Statements begun per second in the long run; 0 for no limit. */
  public final double perSecond;

  /** Statements that may begin at once after a pause. */
  public final int burst;

  /** Whether only statements that read may run. */
  public final boolean readOnly;

  /** Kinds of statements that may not run, such as {@code DROP}. */
  public final List<String> denied;

  private DatabaseStatements(Builder b) {
    this.timeoutMillis = b.timeoutMillis;
    this.slowMillis = b.slowMillis;
    this.maxConcurrent = b.maxConcurrent;
    this.maxWaitMillis = b.maxWaitMillis;
    this.perSecond = b.perSecond;
    this.burst = b.burst;
    this.readOnly = b.readOnly;
    this.denied = Copies.of(b.denied);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .timeoutMillis(timeoutMillis)
        .slowMillis(slowMillis)
        .maxConcurrent(maxConcurrent)
        .maxWaitMillis(maxWaitMillis)
        .perSecond(perSecond)
        .burst(burst)
        .readOnly(readOnly)
        .denied(denied);
  }

  /** Returns the absence of limits. */
  public static DatabaseStatements unlimited() {
    return new Builder().build();
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      timeoutMillis, slowMillis, maxConcurrent, maxWaitMillis, perSecond, burst, readOnly, denied
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DatabaseStatements
        && Arrays.equals(fields(), ((DatabaseStatements) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "DatabaseStatements" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private long timeoutMillis;
    private long slowMillis;
    private int maxConcurrent;
    private long maxWaitMillis;
    private double perSecond;
    private int burst = 1;
    private boolean readOnly;
    private List<String> denied = Collections.emptyList();

    private Builder() {}

    /** Sets {@link DatabaseStatements#timeoutMillis}. */
    public Builder timeoutMillis(long timeoutMillis) {
      this.timeoutMillis = timeoutMillis;
      return this;
    }

    /** Sets {@link DatabaseStatements#slowMillis}. */
    public Builder slowMillis(long slowMillis) {
      this.slowMillis = slowMillis;
      return this;
    }

    /** Sets {@link DatabaseStatements#maxConcurrent}. */
    public Builder maxConcurrent(int maxConcurrent) {
      this.maxConcurrent = maxConcurrent;
      return this;
    }

    /** Sets {@link DatabaseStatements#maxWaitMillis}. */
    public Builder maxWaitMillis(long maxWaitMillis) {
      this.maxWaitMillis = maxWaitMillis;
      return this;
    }

    /** Sets {@link DatabaseStatements#perSecond}. */
    public Builder perSecond(double perSecond) {
      this.perSecond = perSecond;
      return this;
    }

    /** Sets {@link DatabaseStatements#burst}. */
    public Builder burst(int burst) {
      this.burst = burst;
      return this;
    }

    /** Sets {@link DatabaseStatements#readOnly}. */
    public Builder readOnly(boolean readOnly) {
      this.readOnly = readOnly;
      return this;
    }

    /** Sets {@link DatabaseStatements#denied}. */
    public Builder denied(List<String> denied) {
      this.denied = denied;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public DatabaseStatements build() {
      return new DatabaseStatements(this);
    }
  }
}
