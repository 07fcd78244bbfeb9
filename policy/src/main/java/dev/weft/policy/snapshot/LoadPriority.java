package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What part of its capacity a workload keeps for some requests. */
public final class LoadPriority {
  /** Name within its resource. */
  public final String name;

  /** Any one of these makes it that of a request; without any it is that of all. */
  public final List<Rule> rules;

  /** Percent of the limit that may be in use when such a request is taken, 1 to 100. */
  public final int share;

  /** Whether such requests are always taken, and not counted. */
  public final boolean exempt;

  private LoadPriority(Builder b) {
    this.name = b.name;
    this.rules = Copies.of(b.rules);
    this.share = b.share;
    this.exempt = b.exempt;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().name(name).rules(rules).share(share).exempt(exempt);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {name, rules, share, exempt};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LoadPriority
        && Arrays.equals(fields(), ((LoadPriority) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "LoadPriority" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private List<Rule> rules = Collections.emptyList();
    private int share = 100;
    private boolean exempt = false;

    private Builder() {}

    /** Sets {@link LoadPriority#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link LoadPriority#rules}. */
    public Builder rules(List<Rule> rules) {
      this.rules = rules;
      return this;
    }

    /** Sets {@link LoadPriority#share}. */
    public Builder share(int share) {
      this.share = share;
      return this;
    }

    /** Sets {@link LoadPriority#exempt}. */
    public Builder exempt(boolean exempt) {
      this.exempt = exempt;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public LoadPriority build() {
      return new LoadPriority(this);
    }
  }
}
