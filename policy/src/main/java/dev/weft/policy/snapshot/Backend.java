package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One weighted destination of a route. */
public final class Backend {
  /** Canonical host of a {@link Service} in the same snapshot. */
  public final String host;

  /** Name of a subset of it, or null. */
  public final @Nullable String subset;

  /** Port of the service to use, 0 for any. */
  public final int port;

  /** Share relative to the other backends of the route; 0 gets nothing. */
  public final int weight;

  /** Edits that apply after the route's own. */
  public final HeaderEdits headers;

  /**
   * Status that the share of this backend is answered with, because requests may not go there; 0
   * sends them.
   */
  public final int refusal;

  private Backend(Builder b) {
    this.host = b.host;
    this.subset = b.subset;
    this.port = b.port;
    this.weight = b.weight;
    this.headers = b.headers;
    this.refusal = b.refusal;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .host(host)
        .subset(subset)
        .port(port)
        .weight(weight)
        .headers(headers)
        .refusal(refusal);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {host, subset, port, weight, headers, refusal};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Backend && Arrays.equals(fields(), ((Backend) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Backend" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String host = "";
    private @Nullable String subset = null;
    private int port;
    private int weight;
    private HeaderEdits headers = HeaderEdits.none();
    private int refusal;

    private Builder() {}

    /** Sets {@link Backend#host}. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Sets {@link Backend#subset}. */
    public Builder subset(@Nullable String subset) {
      this.subset = subset;
      return this;
    }

    /** Sets {@link Backend#port}. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets {@link Backend#weight}. */
    public Builder weight(int weight) {
      this.weight = weight;
      return this;
    }

    /** Sets {@link Backend#headers}. */
    public Builder headers(HeaderEdits headers) {
      this.headers = headers;
      return this;
    }

    /** Sets {@link Backend#refusal}. */
    public Builder refusal(int refusal) {
      this.refusal = refusal;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Backend build() {
      return new Backend(this);
    }
  }
}
