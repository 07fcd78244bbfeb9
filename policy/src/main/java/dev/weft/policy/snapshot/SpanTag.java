package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A further attribute of spans (Istio Tracing.CustomTag). */
public final class SpanTag {
  /** Name of the attribute. */
  public final String name;

  /** Where its value comes from. */
  public final Origin origin;

  /** The value itself, or the name of the variable or header. */
  public final String value;

  /** Value where there is none; null leaves the attribute out. */
  public final @Nullable String defaultValue;

  /** Where a value comes from. */
  public enum Origin {
    /** It is written in the policy. */
    LITERAL,
    /** A variable of the environment of the process. */
    ENVIRONMENT,
    /** A header of the request. */
    HEADER
  }

  private SpanTag(Builder b) {
    this.name = b.name;
    this.origin = b.origin;
    this.value = b.value;
    this.defaultValue = b.defaultValue;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().name(name).origin(origin).value(value).defaultValue(defaultValue);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {name, origin, value, defaultValue};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SpanTag && Arrays.equals(fields(), ((SpanTag) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "SpanTag" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private Origin origin = Origin.LITERAL;
    private String value = "";
    private @Nullable String defaultValue;

    private Builder() {}

    /** Sets {@link SpanTag#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link SpanTag#origin}. */
    public Builder origin(Origin origin) {
      this.origin = origin;
      return this;
    }

    /** Sets {@link SpanTag#value}. */
    public Builder value(String value) {
      this.value = value;
      return this;
    }

    /** Sets {@link SpanTag#defaultValue}. */
    public Builder defaultValue(@Nullable String defaultValue) {
      this.defaultValue = defaultValue;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public SpanTag build() {
      return new SpanTag(this);
    }
  }
}
