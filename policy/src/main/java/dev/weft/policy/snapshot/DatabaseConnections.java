package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How connections to a database are opened, and how many at a time. */
public final class DatabaseConnections {
  /** Milliseconds one attempt to connect may take; 0 leaves it to the driver. */
  public final long timeoutMillis;

  /** Attempts after the first one that failed. */
  public final int retries;

  /** Milliseconds before the first retry at most; doubles with each further one. */
  public final long backoffMillis;

  /** Connections open at a time; 0 for no limit. */
  public final int max;

  /** Milliseconds to wait for one of them to be closed. */
  public final long maxWaitMillis;

  private DatabaseConnections(Builder b) {
    this.timeoutMillis = b.timeoutMillis;
    this.retries = b.retries;
    this.backoffMillis = b.backoffMillis;
    this.max = b.max;
    this.maxWaitMillis = b.maxWaitMillis;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .timeoutMillis(timeoutMillis)
        .retries(retries)
        .backoffMillis(backoffMillis)
        .max(max)
        .maxWaitMillis(maxWaitMillis);
  }

  /** Returns the absence of limits. */
  public static DatabaseConnections unlimited() {
    return new Builder().build();
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {timeoutMillis, retries, backoffMillis, max, maxWaitMillis};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DatabaseConnections
        && Arrays.equals(fields(), ((DatabaseConnections) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "DatabaseConnections" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private long timeoutMillis;
    private int retries;
    private long backoffMillis = 100L;
    private int max;
    private long maxWaitMillis;

    private Builder() {}

    /** Sets {@link DatabaseConnections#timeoutMillis}. */
    public Builder timeoutMillis(long timeoutMillis) {
      this.timeoutMillis = timeoutMillis;
      return this;
    }

    /** Sets {@link DatabaseConnections#retries}. */
    public Builder retries(int retries) {
      this.retries = retries;
      return this;
    }

    /** Sets {@link DatabaseConnections#backoffMillis}. */
    public Builder backoffMillis(long backoffMillis) {
      this.backoffMillis = backoffMillis;
      return this;
    }

    /** Sets {@link DatabaseConnections#max}. */
    public Builder max(int max) {
      this.max = max;
      return this;
    }

    /** Sets {@link DatabaseConnections#maxWaitMillis}. */
    public Builder maxWaitMillis(long maxWaitMillis) {
      this.maxWaitMillis = maxWaitMillis;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public DatabaseConnections build() {
      return new DatabaseConnections(this);
    }
  }
}
