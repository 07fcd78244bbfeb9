package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An answer that sends the caller elsewhere (Istio HTTPRedirect). */
public final class Redirect {
  /** 301, 302, 303, 307 or 308. */
  public final int status;

  /** Scheme to go to, or null for that of the request. */
  public final @Nullable String scheme;

  /** Host to go to, or null for that of the request. */
  public final @Nullable String authority;

  /** Port to go to; 0 means none is written but the one that the host has. */
  public final int port;

  /** Whether the port of the request is written. */
  public final boolean requestPort;

  /** Path to go to, or null for that of the request. */
  public final @Nullable PathRewrite path;

  private Redirect(Builder b) {
    this.status = b.status;
    this.scheme = b.scheme;
    this.authority = b.authority;
    this.port = b.port;
    this.requestPort = b.requestPort;
    this.path = b.path;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .status(status)
        .scheme(scheme)
        .authority(authority)
        .port(port)
        .requestPort(requestPort)
        .path(path);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {status, scheme, authority, port, requestPort, path};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Redirect && Arrays.equals(fields(), ((Redirect) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Redirect" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private int status = 301;
    private @Nullable String scheme = null;
    private @Nullable String authority = null;
    private int port = 0;
    private boolean requestPort;
    private @Nullable PathRewrite path = null;

    private Builder() {}

    /** Sets {@link Redirect#status}. */
    public Builder status(int status) {
      this.status = status;
      return this;
    }

    /** Sets {@link Redirect#scheme}. */
    public Builder scheme(@Nullable String scheme) {
      this.scheme = scheme;
      return this;
    }

    /** Sets {@link Redirect#authority}. */
    public Builder authority(@Nullable String authority) {
      this.authority = authority;
      return this;
    }

    /** Sets {@link Redirect#port}. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets {@link Redirect#requestPort}. */
    public Builder requestPort(boolean requestPort) {
      this.requestPort = requestPort;
      return this;
    }

    /** Sets {@link Redirect#path}. */
    public Builder path(@Nullable PathRewrite path) {
      this.path = path;
      return this;
    }

    /** Returns the finished object. */
    public Redirect build() {
      return new Redirect(this);
    }
  }
}
