package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sources, operations and conditions that must all hold; an empty part holds always. */
public final class Rule {
  /** Any one of these must match. */
  public final List<Source> from;

  /** Any one of these must match. */
  public final List<Operation> to;

  /** All of these must match. */
  public final List<Condition> when;

  private Rule(Builder b) {
    this.from = Copies.of(b.from);
    this.to = Copies.of(b.to);
    this.when = Copies.of(b.when);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().from(from).to(to).when(when);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {from, to, when};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rule && Arrays.equals(fields(), ((Rule) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Rule" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private List<Source> from = Collections.emptyList();
    private List<Operation> to = Collections.emptyList();
    private List<Condition> when = Collections.emptyList();

    private Builder() {}

    /** Sets {@link Rule#from}. */
    public Builder from(List<Source> from) {
      this.from = from;
      return this;
    }

    /** Sets {@link Rule#to}. */
    public Builder to(List<Operation> to) {
      this.to = to;
      return this;
    }

    /** Sets {@link Rule#when}. */
    public Builder when(List<Condition> when) {
      this.when = when;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Rule build() {
      return new Rule(this);
    }
  }
}
