package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An answer without a call (Istio HTTPDirectResponse). */
public final class DirectResponse {
  /** HTTP status, 200 to 599. */
  public final int status;

  /** The body in base64; empty means none. */
  public final String body;

  private DirectResponse(Builder b) {
    this.status = b.status;
    this.body = b.body;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().status(status).body(body);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {status, body};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DirectResponse
        && Arrays.equals(fields(), ((DirectResponse) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "DirectResponse" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private int status = 200;
    private String body = "";

    private Builder() {}

    /** Sets {@link DirectResponse#status}. */
    public Builder status(int status) {
      this.status = status;
      return this;
    }

    /** Sets {@link DirectResponse#body}. */
    public Builder body(String body) {
      this.body = body;
      return this;
    }

    /** Returns the finished object. */
    public DirectResponse build() {
      return new DirectResponse(this);
    }
  }
}
