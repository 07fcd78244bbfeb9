package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a service, selected by labels. */
public final class Subset {
  /** Name that {@link Backend#subset} refers to. */
  public final String name;

  /** An endpoint belongs to the subset when it carries all of these. */
  public final Map<String, String> labels;

  /** The service's policy with the subset's own laid over it. */
  public final TrafficPolicy trafficPolicy;

  private Subset(Builder b) {
    this.name = b.name;
    this.labels = Copies.of(b.labels);
    this.trafficPolicy = b.trafficPolicy;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().name(name).labels(labels).trafficPolicy(trafficPolicy);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {name, labels, trafficPolicy};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Subset && Arrays.equals(fields(), ((Subset) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Subset" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private Map<String, String> labels = Collections.emptyMap();
    private TrafficPolicy trafficPolicy = TrafficPolicy.defaults();

    private Builder() {}

    /** Sets {@link Subset#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link Subset#labels}. */
    public Builder labels(Map<String, String> labels) {
      this.labels = labels;
      return this;
    }

    /** Sets {@link Subset#trafficPolicy}. */
    public Builder trafficPolicy(TrafficPolicy trafficPolicy) {
      this.trafficPolicy = trafficPolicy;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Subset build() {
      return new Subset(this);
    }
  }
}
