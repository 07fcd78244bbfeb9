package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a cookie is given to who has none (Istio ConsistentHashLB.HTTPCookie with a {@code ttl}).
 * Immutable.
 */
public final class SessionCookie {
  /** How long the cookie lives in whole seconds; 0 for as long as the client's session. */
  public final long ttlSeconds;

  /** Its {@code Path}; empty for none. */
  public final String path;

  /** Further attributes in their order; one with an empty value is a bare name. */
  public final Map<String, String> attributes;

  private SessionCookie(Builder b) {
    this.ttlSeconds = b.ttlSeconds;
    this.path = b.path;
    this.attributes = Copies.of(b.attributes);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().ttlSeconds(ttlSeconds).path(path).attributes(attributes);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {ttlSeconds, path, attributes};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionCookie
        && Arrays.equals(fields(), ((SessionCookie) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "SessionCookie" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private long ttlSeconds;
    private String path = "";
    private Map<String, String> attributes = Collections.emptyMap();

    private Builder() {}

    /** Sets {@link SessionCookie#ttlSeconds}. */
    public Builder ttlSeconds(long ttlSeconds) {
      this.ttlSeconds = ttlSeconds;
      return this;
    }

    /** Sets {@link SessionCookie#path}. */
    public Builder path(String path) {
      this.path = path;
      return this;
    }

    /** Sets {@link SessionCookie#attributes}. */
    public Builder attributes(Map<String, String> attributes) {
      this.attributes = attributes;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public SessionCookie build() {
      return new SessionCookie(this);
    }
  }
}
