package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many requests of a kind the workload takes, already selected for it. */
public final class RateLimit {
  /** Namespace and name of the resource and name of the limit in it, parted by {@code /}. */
  public final String name;

  /** Namespace of the resource, in which its rules are meant. */
  public final String namespace;

  /** Any one of these makes the limit hold for a request; without any it holds for all. */
  public final List<Rule> rules;

  /** Whether each SPIFFE ID counts by itself; callers without one count together. */
  public final boolean byIdentity;

  /** Whether each address of a TCP peer counts by itself. */
  public final boolean byAddress;

  /** Whether each path, without its query, counts by itself. */
  public final boolean byPath;

  /** A header of which each value counts by itself, or null; requests without it count together. */
  public final @Nullable String byHeader;

  /** Requests per second in the long run over all instances that share the limit, above 0. */
  public final double perSecond;

  /** Requests that may come at once after a pause, over all of them, at least 1. */
  public final int burst;

  /** How many instances share the limit; 1 when each has it for itself. */
  public final int instances;

  /** How many keys are told apart at a time; those beyond count together. */
  public final int maxKeys;

  private RateLimit(Builder b) {
    this.name = b.name;
    this.namespace = b.namespace;
    this.rules = Copies.of(b.rules);
    this.byIdentity = b.byIdentity;
    this.byAddress = b.byAddress;
    this.byPath = b.byPath;
    this.byHeader = b.byHeader;
    this.perSecond = b.perSecond;
    this.burst = b.burst;
    this.instances = b.instances;
    this.maxKeys = b.maxKeys;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .name(name)
        .namespace(namespace)
        .rules(rules)
        .byIdentity(byIdentity)
        .byAddress(byAddress)
        .byPath(byPath)
        .byHeader(byHeader)
        .perSecond(perSecond)
        .burst(burst)
        .instances(instances)
        .maxKeys(maxKeys);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      name,
      namespace,
      rules,
      byIdentity,
      byAddress,
      byPath,
      byHeader,
      perSecond,
      burst,
      instances,
      maxKeys
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RateLimit && Arrays.equals(fields(), ((RateLimit) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "RateLimit" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private String namespace = "";
    private List<Rule> rules = Collections.emptyList();
    private boolean byIdentity = false;
    private boolean byAddress = false;
    private boolean byPath = false;
    private @Nullable String byHeader;
    private double perSecond = 1;
    private int burst = 1;
    private int instances = 1;
    private int maxKeys = 10_000;

    private Builder() {}

    /** Sets {@link RateLimit#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link RateLimit#namespace}. */
    public Builder namespace(String namespace) {
      this.namespace = namespace;
      return this;
    }

    /** Sets {@link RateLimit#rules}. */
    public Builder rules(List<Rule> rules) {
      this.rules = rules;
      return this;
    }

    /** Sets {@link RateLimit#byIdentity}. */
    public Builder byIdentity(boolean byIdentity) {
      this.byIdentity = byIdentity;
      return this;
    }

    /** Sets {@link RateLimit#byAddress}. */
    public Builder byAddress(boolean byAddress) {
      this.byAddress = byAddress;
      return this;
    }

    /** Sets {@link RateLimit#byPath}. */
    public Builder byPath(boolean byPath) {
      this.byPath = byPath;
      return this;
    }

    /** Sets {@link RateLimit#byHeader}. */
    public Builder byHeader(@Nullable String byHeader) {
      this.byHeader = byHeader;
      return this;
    }

    /** Sets {@link RateLimit#perSecond}. */
    public Builder perSecond(double perSecond) {
      this.perSecond = perSecond;
      return this;
    }

    /** Sets {@link RateLimit#burst}. */
    public Builder burst(int burst) {
      this.burst = burst;
      return this;
    }

    /** Sets {@link RateLimit#instances}. */
    public Builder instances(int instances) {
      this.instances = instances;
      return this;
    }

    /** Sets {@link RateLimit#maxKeys}. */
    public Builder maxKeys(int maxKeys) {
      this.maxKeys = maxKeys;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public RateLimit build() {
      return new RateLimit(this);
    }
  }
}
