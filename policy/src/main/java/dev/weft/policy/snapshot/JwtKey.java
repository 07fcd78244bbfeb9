package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A public key that verifies signatures of tokens (RFC 7517, 7518). */
public final class JwtKey {
  /** What tokens name it by ({@code kid}), or null: it is then tried for any token. */
  public final @Nullable String id;

  /** The only algorithm it may be used with ({@code alg}), or null for any of its type. */
  public final @Nullable String algorithm;

  /** Which members the others are. */
  public final Type type;

  /** {@code crv} of {@link Type#EC} and {@link Type#OKP}. */
  public final String curve;

  /** {@code n} or {@code x} in base64url. */
  public final String first;

  /** {@code e} or {@code y} in base64url; empty for {@link Type#OKP}. */
  public final String second;

  private JwtKey(Builder b) {
    this.id = b.id;
    this.algorithm = b.algorithm;
    this.type = b.type;
    this.curve = b.curve;
    this.first = b.first;
    this.second = b.second;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .id(id)
        .algorithm(algorithm)
        .type(type)
        .curve(curve)
        .first(first)
        .second(second);
  }

  /** The kinds of keys ({@code kty}); symmetric ones are not among them. */
  public enum Type {
    /** Modulus {@code n} and exponent {@code e}. */
    RSA,
    /** A point {@code x}, {@code y} on a curve of NIST. */
    EC,
    /** A point {@code x} on an Edwards curve (RFC 8037). */
    OKP
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {id, algorithm, type, curve, first, second};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JwtKey && Arrays.equals(fields(), ((JwtKey) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "JwtKey" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private @Nullable String id;
    private @Nullable String algorithm;
    private Type type = Type.RSA;
    private String curve = "";
    private String first = "";
    private String second = "";

    private Builder() {}

    /** Sets {@link JwtKey#id}. */
    public Builder id(@Nullable String id) {
      this.id = id;
      return this;
    }

    /** Sets {@link JwtKey#algorithm}. */
    public Builder algorithm(@Nullable String algorithm) {
      this.algorithm = algorithm;
      return this;
    }

    /** Sets {@link JwtKey#type}. */
    public Builder type(Type type) {
      this.type = type;
      return this;
    }

    /** Sets {@link JwtKey#curve}. */
    public Builder curve(String curve) {
      this.curve = curve;
      return this;
    }

    /** Sets {@link JwtKey#first}. */
    public Builder first(String first) {
      this.first = first;
      return this;
    }

    /** Sets {@link JwtKey#second}. */
    public Builder second(String second) {
      this.second = second;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public JwtKey build() {
      return new JwtKey(this);
    }
  }
}
