package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How callers ask the endpoints of a service whether they are well. Immutable. */
public final class HealthCheck {
  /** Path of the request; an answer of 200 to 299 is a good one. */
  public final String path;

  /** Time from one request to an endpoint to the next, in milliseconds. */
  public final long intervalMillis;

  private HealthCheck(Builder b) {
    this.path = b.path;
    this.intervalMillis = b.intervalMillis;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().path(path).intervalMillis(intervalMillis);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {path, intervalMillis};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HealthCheck && Arrays.equals(fields(), ((HealthCheck) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "HealthCheck" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String path = "/";
    private long intervalMillis = 10_000;

    private Builder() {}

    /** Sets {@link HealthCheck#path}. */
    public Builder path(String path) {
      this.path = path;
      return this;
    }

    /** Sets {@link HealthCheck#intervalMillis}. */
    public Builder intervalMillis(long intervalMillis) {
      this.intervalMillis = intervalMillis;
      return this;
    }

    /** Returns the finished object. */
    public HealthCheck build() {
      return new HealthCheck(this);
    }
  }
}
