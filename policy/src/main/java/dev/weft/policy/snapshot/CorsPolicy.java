package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which scripts of other origins a browser may let read answers (Istio CorsPolicy). */
public final class CorsPolicy {
  /** A {@link #maxAgeSeconds} that says nothing, so that the browser decides. */
  public static final long NO_MAX_AGE = -1;

  /** Any one of these must match the origin; one that matches {@code *} allows every origin. */
  public final List<StringMatch> allowOrigins;

  /** Methods that may be used; {@code *} alone allows the one that is asked for. */
  public final List<String> allowMethods;

  /** Request headers that may be sent; {@code *} alone allows those that are asked for. */
  public final List<String> allowHeaders;

  /** Response headers that scripts may read. */
  public final List<String> exposeHeaders;

  /**
   * How long the answer to a preflight holds, in whole seconds from 0; {@link #NO_MAX_AGE} for
   * none.
   */
  public final long maxAgeSeconds;

  /** Whether the call may carry cookies and other credentials. */
  public final boolean allowCredentials;

  /** Whether the application gets the preflights of origins that are not allowed. */
  public final boolean forwardUnmatchedPreflights;

  private CorsPolicy(Builder b) {
    this.allowOrigins = Copies.of(b.allowOrigins);
    this.allowMethods = Copies.of(b.allowMethods);
    this.allowHeaders = Copies.of(b.allowHeaders);
    this.exposeHeaders = Copies.of(b.exposeHeaders);
    this.maxAgeSeconds = b.maxAgeSeconds;
    this.allowCredentials = b.allowCredentials;
    this.forwardUnmatchedPreflights = b.forwardUnmatchedPreflights;
  }

  /** Returns a builder with the defaults: no origin is allowed. */
  public static Builder builder() {
    return new Builder();
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      allowOrigins,
      allowMethods,
      allowHeaders,
      exposeHeaders,
      maxAgeSeconds,
      allowCredentials,
      forwardUnmatchedPreflights
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CorsPolicy && Arrays.equals(fields(), ((CorsPolicy) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "CorsPolicy" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private List<StringMatch> allowOrigins = Collections.emptyList();
    private List<String> allowMethods = Collections.emptyList();
    private List<String> allowHeaders = Collections.emptyList();
    private List<String> exposeHeaders = Collections.emptyList();
    private long maxAgeSeconds = NO_MAX_AGE;
    private boolean allowCredentials;
    private boolean forwardUnmatchedPreflights = true;

    private Builder() {}

    /** Sets {@link CorsPolicy#allowOrigins}. */
    public Builder allowOrigins(List<StringMatch> allowOrigins) {
      this.allowOrigins = allowOrigins;
      return this;
    }

    /** Sets {@link CorsPolicy#allowMethods}. */
    public Builder allowMethods(List<String> allowMethods) {
      this.allowMethods = allowMethods;
      return this;
    }

    /** Sets {@link CorsPolicy#allowHeaders}. */
    public Builder allowHeaders(List<String> allowHeaders) {
      this.allowHeaders = allowHeaders;
      return this;
    }

    /** Sets {@link CorsPolicy#exposeHeaders}. */
    public Builder exposeHeaders(List<String> exposeHeaders) {
      this.exposeHeaders = exposeHeaders;
      return this;
    }

    /** Sets {@link CorsPolicy#maxAgeSeconds}. */
    public Builder maxAgeSeconds(long maxAgeSeconds) {
      this.maxAgeSeconds = maxAgeSeconds;
      return this;
    }

    /** Sets {@link CorsPolicy#allowCredentials}. */
    public Builder allowCredentials(boolean allowCredentials) {
      this.allowCredentials = allowCredentials;
      return this;
    }

    /** Sets {@link CorsPolicy#forwardUnmatchedPreflights}. */
    public Builder forwardUnmatchedPreflights(boolean forwardUnmatchedPreflights) {
      this.forwardUnmatchedPreflights = forwardUnmatchedPreflights;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public CorsPolicy build() {
      return new CorsPolicy(this);
    }
  }
}
