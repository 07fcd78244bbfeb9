package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition on one attribute (Istio Condition). */
public final class Condition {
  /** Attribute, such as <code>request.headers[x-tier]</code> or {@code source.namespace}. */
  public final String key;

  /** Any one of these must match; empty means any. */
  public final List<String> values;

  /** None of these may match. */
  public final List<String> notValues;

  private Condition(Builder b) {
    this.key = b.key;
    this.values = Copies.of(b.values);
    this.notValues = Copies.of(b.notValues);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().key(key).values(values).notValues(notValues);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {key, values, notValues};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Condition && Arrays.equals(fields(), ((Condition) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Condition" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String key = "";
    private List<String> values = Collections.emptyList();
    private List<String> notValues = Collections.emptyList();

    private Builder() {}

    /** Sets {@link Condition#key}. */
    public Builder key(String key) {
      this.key = key;
      return this;
    }

    /** Sets {@link Condition#values}. */
    public Builder values(List<String> values) {
      this.values = values;
      return this;
    }

    /** Sets {@link Condition#notValues}. */
    public Builder notValues(List<String> notValues) {
      this.notValues = notValues;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Condition build() {
      return new Condition(this);
    }
  }
}
