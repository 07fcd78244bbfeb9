package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shares of calls from one locality (Istio LocalityLoadBalancerSetting.Distribute). */
public final class LocalityDistribution {
  /** Locality of the caller. */
  public final String from;

  /** Locality to its share in percent, 1 to 100; 100 together. */
  public final Map<String, Integer> to;

  private LocalityDistribution(Builder b) {
    this.from = b.from;
    this.to = Copies.of(b.to);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().from(from).to(to);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {from, to};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LocalityDistribution
        && Arrays.equals(fields(), ((LocalityDistribution) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "LocalityDistribution" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String from = "";
    private Map<String, Integer> to = Collections.emptyMap();

    private Builder() {}

    /** Sets {@link LocalityDistribution#from}. */
    public Builder from(String from) {
      this.from = from;
      return this;
    }

    /** Sets {@link LocalityDistribution#to}. */
    public Builder to(Map<String, Integer> to) {
      this.to = to;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public LocalityDistribution build() {
      return new LocalityDistribution(this);
    }
  }
}
