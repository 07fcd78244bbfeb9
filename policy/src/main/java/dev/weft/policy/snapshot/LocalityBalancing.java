package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the localities of caller and endpoints weigh in balancing (Istio
 * LocalityLoadBalancerSetting). Localities are {@code region/zone/sub-zone}, {@code *} stands for
 * the rest. Immutable.
 */
public final class LocalityBalancing {
  private static final LocalityBalancing DEFAULTS = new Builder().build();

  /** Whether localities count at all. */
  public final boolean enabled;

  /** For callers in a locality, how calls are shared among localities; the first match counts. */
  public final List<LocalityDistribution> distribute;

  /** Region of the caller to the region that stands in for it. */
  public final Map<String, String> failover;

  /**
   * Labels by which endpoints are ranked: who agrees with the caller in all of them first. {@code
   * key=value} compares with that value in place of the caller's.
   */
  public final List<String> failoverPriority;

  private LocalityBalancing(Builder b) {
    this.enabled = b.enabled;
    this.distribute = Copies.of(b.distribute);
    this.failover = Copies.of(b.failover);
    this.failoverPriority = Copies.of(b.failoverPriority);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns what holds where no policy says anything, as Istio's default: failover by locality. */
  public static LocalityBalancing defaults() {
    return DEFAULTS;
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .enabled(enabled)
        .distribute(distribute)
        .failover(failover)
        .failoverPriority(failoverPriority);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {enabled, distribute, failover, failoverPriority};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LocalityBalancing
        && Arrays.equals(fields(), ((LocalityBalancing) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "LocalityBalancing" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private boolean enabled = true;
    private List<LocalityDistribution> distribute = Collections.emptyList();
    private Map<String, String> failover = Collections.emptyMap();
    private List<String> failoverPriority = Collections.emptyList();

    private Builder() {}

    /** Sets {@link LocalityBalancing#enabled}. */
    public Builder enabled(boolean enabled) {
      this.enabled = enabled;
      return this;
    }

    /** Sets {@link LocalityBalancing#distribute}. */
    public Builder distribute(List<LocalityDistribution> distribute) {
      this.distribute = distribute;
      return this;
    }

    /** Sets {@link LocalityBalancing#failover}. */
    public Builder failover(Map<String, String> failover) {
      this.failover = failover;
      return this;
    }

    /** Sets {@link LocalityBalancing#failoverPriority}. */
    public Builder failoverPriority(List<String> failoverPriority) {
      this.failoverPriority = failoverPriority;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public LocalityBalancing build() {
      return new LocalityBalancing(this);
    }
  }
}
