package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Another path in place of the one called, with its own query or that of the request. */
public final class PathRewrite {
  /** What is replaced: every match of an expression, or a prefix. Null means all of the path. */
  public final @Nullable StringMatch match;

  /**
   * What stands there instead. Of an expression {@code \1} to {@code \9} are the groups, {@code \0}
   * is all that matched, and {@code \\} is a backslash.
   */
  public final String value;

  private PathRewrite(Builder b) {
    this.match = b.match;
    this.value = b.value;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().match(match).value(value);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {match, value};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathRewrite && Arrays.equals(fields(), ((PathRewrite) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "PathRewrite" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private @Nullable StringMatch match = null;
    private String value = "";

    private Builder() {}

    /** Sets {@link PathRewrite#match}. */
    public Builder match(@Nullable StringMatch match) {
      this.match = match;
      return this;
    }

    /** Sets {@link PathRewrite#value}. */
    public Builder value(String value) {
      this.value = value;
      return this;
    }

    /** Returns the finished object. */
    public PathRewrite build() {
      return new PathRewrite(this);
    }
  }
}
