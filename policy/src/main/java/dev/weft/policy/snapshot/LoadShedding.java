package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many requests the workload takes at a time, found out by itself. */
public final class LoadShedding {
  /** Namespace and name of the resource, parted by {@code /}. */
  public final String name;

  /** Namespace of the resource, in which its rules are meant. */
  public final String namespace;

  /** So many are always taken, at least 1. */
  public final int minConcurrency;

  /** More are never taken. */
  public final int maxConcurrency;

  /** What it begins with. */
  public final int initialConcurrency;

  /**
   * The first whose rules match is that of a request; the last has none and is that of all others.
   * Without any, all are alike.
   */
  public final List<LoadPriority> priorities;

  private LoadShedding(Builder b) {
    this.name = b.name;
    this.namespace = b.namespace;
    this.minConcurrency = b.minConcurrency;
    this.maxConcurrency = b.maxConcurrency;
    this.initialConcurrency = b.initialConcurrency;
    this.priorities = Copies.of(b.priorities);
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
        .minConcurrency(minConcurrency)
        .maxConcurrency(maxConcurrency)
        .initialConcurrency(initialConcurrency)
        .priorities(priorities);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      name, namespace, minConcurrency, maxConcurrency, initialConcurrency, priorities
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LoadShedding
        && Arrays.equals(fields(), ((LoadShedding) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "LoadShedding" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private String namespace = "";
    private int minConcurrency = 4;
    private int maxConcurrency = 1_000;
    private int initialConcurrency = 50;
    private List<LoadPriority> priorities = Collections.emptyList();

    private Builder() {}

    /** Sets {@link LoadShedding#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link LoadShedding#namespace}. */
    public Builder namespace(String namespace) {
      this.namespace = namespace;
      return this;
    }

    /** Sets {@link LoadShedding#minConcurrency}. */
    public Builder minConcurrency(int minConcurrency) {
      this.minConcurrency = minConcurrency;
      return this;
    }

    /** Sets {@link LoadShedding#maxConcurrency}. */
    public Builder maxConcurrency(int maxConcurrency) {
      this.maxConcurrency = maxConcurrency;
      return this;
    }

    /** Sets {@link LoadShedding#initialConcurrency}. */
    public Builder initialConcurrency(int initialConcurrency) {
      this.initialConcurrency = initialConcurrency;
      return this;
    }

    /** Sets {@link LoadShedding#priorities}. */
    public Builder priorities(List<LoadPriority> priorities) {
      this.priorities = priorities;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public LoadShedding build() {
      return new LoadShedding(this);
    }
  }
}
