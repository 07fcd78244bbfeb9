package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A header that may hold a token (Istio JWTHeader). */
public final class JwtHeader {
  /** Name, in any case. */
  public final String name;

  /** What stands before the token in the value, such as {@code "Bearer "}; may be empty. */
  public final String prefix;

  private JwtHeader(Builder b) {
    this.name = b.name;
    this.prefix = b.prefix;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().name(name).prefix(prefix);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {name, prefix};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JwtHeader && Arrays.equals(fields(), ((JwtHeader) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "JwtHeader" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private String prefix = "";

    private Builder() {}

    /** Sets {@link JwtHeader#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link JwtHeader#prefix}. */
    public Builder prefix(String prefix) {
      this.prefix = prefix;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public JwtHeader build() {
      return new JwtHeader(this);
    }
  }
}
