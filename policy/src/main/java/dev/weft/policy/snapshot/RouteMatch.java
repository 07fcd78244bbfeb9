package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conditions on a request that must all hold (Istio HTTPMatchRequest). */
public final class RouteMatch {
  /** On the path without the query. */
  public final @Nullable StringMatch uri;

  /** Compare {@link #uri} without regard to case, for exact and prefix. */
  public final boolean ignoreUriCase;

  /** On the method, with regard to case. */
  public final @Nullable StringMatch method;

  /** On the authority as the application wrote it, in lower case. */
  public final @Nullable StringMatch authority;

  /** On the scheme, in lower case. */
  public final @Nullable StringMatch scheme;

  /** By lower-case header name. */
  public final Map<String, StringMatch> headers;

  /** By lower-case header name; the request matches when none of these does. */
  public final Map<String, StringMatch> withoutHeaders;

  /** By query parameter name, with regard to case. */
  public final Map<String, StringMatch> queryParams;

  /** Port of the authority (80 or 443 by scheme when it names none); 0 means any. */
  public final int port;

  private RouteMatch(Builder b) {
    this.uri = b.uri;
    this.ignoreUriCase = b.ignoreUriCase;
    this.method = b.method;
    this.authority = b.authority;
    this.scheme = b.scheme;
    this.headers = Copies.of(b.headers);
    this.withoutHeaders = Copies.of(b.withoutHeaders);
    this.queryParams = Copies.of(b.queryParams);
    this.port = b.port;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .uri(uri)
        .ignoreUriCase(ignoreUriCase)
        .method(method)
        .authority(authority)
        .scheme(scheme)
        .headers(headers)
        .withoutHeaders(withoutHeaders)
        .queryParams(queryParams)
        .port(port);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      uri, ignoreUriCase, method, authority, scheme, headers, withoutHeaders, queryParams, port
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RouteMatch && Arrays.equals(fields(), ((RouteMatch) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "RouteMatch" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private @Nullable StringMatch uri = null;
    private boolean ignoreUriCase;
    private @Nullable StringMatch method = null;
    private @Nullable StringMatch authority = null;
    private @Nullable StringMatch scheme = null;
    private Map<String, StringMatch> headers = Collections.emptyMap();
    private Map<String, StringMatch> withoutHeaders = Collections.emptyMap();
    private Map<String, StringMatch> queryParams = Collections.emptyMap();
    private int port;

    private Builder() {}

    /** Sets {@link RouteMatch#uri}. */
    public Builder uri(@Nullable StringMatch uri) {
      this.uri = uri;
      return this;
    }

    /** Sets {@link RouteMatch#ignoreUriCase}. */
    public Builder ignoreUriCase(boolean ignoreUriCase) {
      this.ignoreUriCase = ignoreUriCase;
      return this;
    }

    /** Sets {@link RouteMatch#method}. */
    public Builder method(@Nullable StringMatch method) {
      this.method = method;
      return this;
    }

    /** Sets {@link RouteMatch#authority}. */
    public Builder authority(@Nullable StringMatch authority) {
      this.authority = authority;
      return this;
    }

    /** Sets {@link RouteMatch#scheme}. */
    public Builder scheme(@Nullable StringMatch scheme) {
      this.scheme = scheme;
      return this;
    }

    /** Sets {@link RouteMatch#headers}. */
    public Builder headers(Map<String, StringMatch> headers) {
      this.headers = headers;
      return this;
    }

    /** Sets {@link RouteMatch#withoutHeaders}. */
    public Builder withoutHeaders(Map<String, StringMatch> withoutHeaders) {
      this.withoutHeaders = withoutHeaders;
      return this;
    }

    /** Sets {@link RouteMatch#queryParams}. */
    public Builder queryParams(Map<String, StringMatch> queryParams) {
      this.queryParams = queryParams;
      return this;
    }

    /** Sets {@link RouteMatch#port}. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public RouteMatch build() {
      return new RouteMatch(this);
    }
  }
}
