package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule: which requests, where to, and what happens on the way (VirtualService http[]). */
public final class Route {
  /** Name for metrics and spans, or empty. */
  public final String name;

  /** Any one of these must match; empty means every request. */
  public final List<RouteMatch> matches;

  /** Where requests go, by weight. Empty when the rule answers every request itself. */
  public final List<Backend> backends;

  /** Edits for every backend of this route. */
  public final HeaderEdits headers;

  /** A {@link #timeoutMillis} that says "none" where 0 would leave it to the mesh's default. */
  public static final long NO_TIMEOUT = -1;

  /**
   * Limit on the whole exchange including retries, in milliseconds; 0 means none, once the mesh's
   * default is filled in.
   */
  public final long timeoutMillis;

  /** Null means the mesh's default, see {@link RetryPolicy#defaults()}. */
  public final @Nullable RetryPolicy retries;

  /** Fault to inject, or null. */
  public final @Nullable Fault fault;

  /** Another path and host for the destination, or null. */
  public final @Nullable Rewrite rewrite;

  /** An answer that sends the caller elsewhere, or null. No backend is called then. */
  public final @Nullable Redirect redirect;

  /** An answer in the place of a call, or null. No backend is called then. */
  public final @Nullable DirectResponse directResponse;

  /** Who else gets a copy of the request. */
  public final List<Mirror> mirrors;

  /**
   * Which other origins may read the answers, or null. It is for the workloads of the destination
   * ({@link InboundPolicy#cors}); callers are not sent it.
   */
  public final @Nullable CorsPolicy cors;

  private Route(Builder b) {
    this.name = b.name;
    this.matches = Copies.of(b.matches);
    this.backends = Copies.of(b.backends);
    this.headers = b.headers;
    this.timeoutMillis = b.timeoutMillis;
    this.retries = b.retries;
    this.fault = b.fault;
    this.rewrite = b.rewrite;
    this.redirect = b.redirect;
    this.directResponse = b.directResponse;
    this.mirrors = Copies.of(b.mirrors);
    this.cors = b.cors;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .name(name)
        .matches(matches)
        .backends(backends)
        .headers(headers)
        .timeoutMillis(timeoutMillis)
        .retries(retries)
        .fault(fault)
        .rewrite(rewrite)
        .redirect(redirect)
        .directResponse(directResponse)
        .mirrors(mirrors)
        .cors(cors);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      name,
      matches,
      backends,
      headers,
      timeoutMillis,
      retries,
      fault,
      rewrite,
      redirect,
      directResponse,
      mirrors,
      cors
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Route && Arrays.equals(fields(), ((Route) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Route" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private List<RouteMatch> matches = Collections.emptyList();
    private List<Backend> backends = Collections.emptyList();
    private HeaderEdits headers = HeaderEdits.none();
    private long timeoutMillis;
    private @Nullable RetryPolicy retries = null;
    private @Nullable Fault fault = null;
    private @Nullable Rewrite rewrite = null;
    private @Nullable Redirect redirect = null;
    private @Nullable DirectResponse directResponse = null;
    private List<Mirror> mirrors = Collections.emptyList();
    private @Nullable CorsPolicy cors = null;

    private Builder() {}

    /** Sets {@link Route#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link Route#matches}. */
    public Builder matches(List<RouteMatch> matches) {
      this.matches = matches;
      return this;
    }

    /** Sets {@link Route#backends}. */
    public Builder backends(List<Backend> backends) {
      this.backends = backends;
      return this;
    }

    /** Sets {@link Route#headers}. */
    public Builder headers(HeaderEdits headers) {
      this.headers = headers;
      return this;
    }

    /** Sets {@link Route#timeoutMillis}. */
    public Builder timeoutMillis(long timeoutMillis) {
      this.timeoutMillis = timeoutMillis;
      return this;
    }

    /** Sets {@link Route#retries}. */
    public Builder retries(@Nullable RetryPolicy retries) {
      this.retries = retries;
      return this;
    }

    /** Sets {@link Route#fault}. */
    public Builder fault(@Nullable Fault fault) {
      this.fault = fault;
      return this;
    }

    /** Sets {@link Route#rewrite}. */
    public Builder rewrite(@Nullable Rewrite rewrite) {
      this.rewrite = rewrite;
      return this;
    }

    /** Sets {@link Route#redirect}. */
    public Builder redirect(@Nullable Redirect redirect) {
      this.redirect = redirect;
      return this;
    }

    /** Sets {@link Route#directResponse}. */
    public Builder directResponse(@Nullable DirectResponse directResponse) {
      this.directResponse = directResponse;
      return this;
    }

    /** Sets {@link Route#mirrors}. */
    public Builder mirrors(List<Mirror> mirrors) {
      this.mirrors = mirrors;
      return this;
    }

    /** Sets {@link Route#cors}. */
    public Builder cors(@Nullable CorsPolicy cors) {
      this.cors = cors;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Route build() {
      return new Route(this);
    }
  }
}
