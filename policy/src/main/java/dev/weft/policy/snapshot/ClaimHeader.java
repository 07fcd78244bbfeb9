package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A header that tells the application a claim (Istio ClaimToHeader). */
public final class ClaimHeader {
  /** Name of the header; nobody else may send it. */
  public final String header;

  /** Name of the claim; dots lead into objects. */
  public final String claim;

  private ClaimHeader(Builder b) {
    this.header = b.header;
    this.claim = b.claim;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().header(header).claim(claim);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {header, claim};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClaimHeader && Arrays.equals(fields(), ((ClaimHeader) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "ClaimHeader" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String header = "";
    private String claim = "";

    private Builder() {}

    /** Sets {@link ClaimHeader#header}. */
    public Builder header(String header) {
      this.header = header;
      return this;
    }

    /** Sets {@link ClaimHeader#claim}. */
    public Builder claim(String claim) {
      this.claim = claim;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public ClaimHeader build() {
      return new ClaimHeader(this);
    }
  }
}
