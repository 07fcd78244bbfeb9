package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A destination that gets a copy of requests, of which nobody hears the answer. */
public final class Mirror {
  /** Canonical host of a service, {@link Service#host}. */
  public final String host;

  /** Subset of that service, or null for all of it. */
  public final @Nullable String subset;

  /** Port that the destination names, or 0. */
  public final int port;

  /** Share of requests that are copied, 0 to 100. */
  public final double percent;

  private Mirror(Builder b) {
    this.host = b.host;
    this.subset = b.subset;
    this.port = b.port;
    this.percent = b.percent;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().host(host).subset(subset).port(port).percent(percent);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {host, subset, port, percent};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Mirror && Arrays.equals(fields(), ((Mirror) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Mirror" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String host = "";
    private @Nullable String subset = null;
    private int port;
    private double percent = 100;

    private Builder() {}

    /** Sets {@link Mirror#host}. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Sets {@link Mirror#subset}. */
    public Builder subset(@Nullable String subset) {
      this.subset = subset;
      return this;
    }

    /** Sets {@link Mirror#port}. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets {@link Mirror#percent}. */
    public Builder percent(double percent) {
      this.percent = percent;
      return this;
    }

    /** Returns the finished object. */
    public Mirror build() {
      return new Mirror(this);
    }
  }
}
