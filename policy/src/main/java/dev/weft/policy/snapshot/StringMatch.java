package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A condition on one string. */
public final class StringMatch {
  /** How {@link #value} is compared. */
  public final Kind kind;

  /** Text or RE2 expression to compare with; empty for {@link Kind#PRESENT}. */
  public final String value;

  private StringMatch(Builder b) {
    this.kind = b.kind;
    this.value = b.value;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().kind(kind).value(value);
  }

  /** How a string is compared. */
  public enum Kind {
    /** Equal. */
    EXACT,
    /** Starts with. */
    PREFIX,
    /**
     * As a path, starts with these elements: {@code /a} covers {@code /a} and {@code /a/b}, not
     * {@code /ab} (Gateway API PathPrefix).
     */
    PATH_PREFIX,
    /** The RE2 expression matches the whole string. */
    REGEX,
    /** Present, with whatever value. */
    PRESENT
  }

  /** Returns a match on the whole string. */
  public static StringMatch exact(String value) {
    return new Builder().kind(Kind.EXACT).value(value).build();
  }

  /** Returns a match on the beginning of the string. */
  public static StringMatch prefix(String value) {
    return new Builder().kind(Kind.PREFIX).value(value).build();
  }

  /**
   * Returns a match on the first elements of a path.
   *
   * @param value begins with {@code /}, and ends with none unless it is all there is
   */
  public static StringMatch pathPrefix(String value) {
    return new Builder().kind(Kind.PATH_PREFIX).value(value).build();
  }

  /** Returns a match of the whole string by an RE2 expression. */
  public static StringMatch regex(String value) {
    return new Builder().kind(Kind.REGEX).value(value).build();
  }

  /** Returns a match on presence alone. */
  public static StringMatch present() {
    return new Builder().kind(Kind.PRESENT).build();
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {kind, value};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StringMatch && Arrays.equals(fields(), ((StringMatch) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "StringMatch" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private Kind kind = Kind.PRESENT;
    private String value = "";

    private Builder() {}

    /** Sets {@link StringMatch#kind}. */
    public Builder kind(Kind kind) {
      this.kind = kind;
      return this;
    }

    /** Sets {@link StringMatch#value}. */
    public Builder value(String value) {
      this.value = value;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public StringMatch build() {
      return new StringMatch(this);
    }
  }
}
