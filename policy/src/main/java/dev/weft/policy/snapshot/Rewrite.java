package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Another path and host for the destination than the caller wrote (Istio HTTPRewrite). */
public final class Rewrite {
  /** The path, or null to leave it. */
  public final @Nullable PathRewrite path;

  /** What the Host header says, or null to leave it. */
  public final @Nullable String authority;

  private Rewrite(Builder b) {
    this.path = b.path;
    this.authority = b.authority;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().path(path).authority(authority);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {path, authority};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rewrite && Arrays.equals(fields(), ((Rewrite) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Rewrite" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private @Nullable PathRewrite path = null;
    private @Nullable String authority = null;

    private Builder() {}

    /** Sets {@link Rewrite#path}. */
    public Builder path(@Nullable PathRewrite path) {
      this.path = path;
      return this;
    }

    /** Sets {@link Rewrite#authority}. */
    public Builder authority(@Nullable String authority) {
      this.authority = authority;
      return this;
    }

    /** Returns the finished object. */
    public Rewrite build() {
      return new Rewrite(this);
    }
  }
}
