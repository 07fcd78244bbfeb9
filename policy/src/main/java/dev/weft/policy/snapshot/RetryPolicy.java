package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When and how often a failed attempt is made again (Istio HTTPRetry). */
public final class RetryPolicy {
  private static final RetryPolicy DEFAULTS =
      new Builder()
          .retryOn(Arrays.asList("connect-failure", "refused-stream", "unavailable", "cancelled"))
          .retriableStatusCodes(Collections.singletonList(503))
          .build();

  /** Retries beyond the first attempt; 0 means none. */
  public final int attempts;

  /** Limit on one attempt in milliseconds; 0 means the route's own timeout. */
  public final long perTryTimeoutMillis;

  /** Base interval of the exponential backoff with jitter, in milliseconds. */
  public final long backoffMillis;

  /** Conditions by their Envoy names, such as {@code connect-failure} or {@code 5xx}. */
  public final List<String> retryOn;

  /** Status codes that are retried as well. */
  public final List<Integer> retriableStatusCodes;

  /** Prefer an endpoint that has not been tried for this request. */
  public final boolean ignorePreviousHosts;

  /** Go on to other localities when those tried first have not helped. */
  public final boolean remoteLocalities;

  private RetryPolicy(Builder b) {
    this.attempts = b.attempts;
    this.perTryTimeoutMillis = b.perTryTimeoutMillis;
    this.backoffMillis = b.backoffMillis;
    this.retryOn = Copies.of(b.retryOn);
    this.retriableStatusCodes = Copies.of(b.retriableStatusCodes);
    this.ignorePreviousHosts = b.ignorePreviousHosts;
    this.remoteLocalities = b.remoteLocalities;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .attempts(attempts)
        .perTryTimeoutMillis(perTryTimeoutMillis)
        .backoffMillis(backoffMillis)
        .retryOn(retryOn)
        .retriableStatusCodes(retriableStatusCodes)
        .ignorePreviousHosts(ignorePreviousHosts)
        .remoteLocalities(remoteLocalities);
  }

  /** Returns what Istio does for a route that says nothing about retries. */
  public static RetryPolicy defaults() {
    return DEFAULTS;
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      attempts,
      perTryTimeoutMillis,
      backoffMillis,
      retryOn,
      retriableStatusCodes,
      ignorePreviousHosts,
      remoteLocalities
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RetryPolicy && Arrays.equals(fields(), ((RetryPolicy) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "RetryPolicy" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private int attempts = 2;
    private long perTryTimeoutMillis;
    private long backoffMillis = 25L;
    private List<String> retryOn = Collections.emptyList();
    private List<Integer> retriableStatusCodes = Collections.emptyList();
    private boolean ignorePreviousHosts = true;
    private boolean remoteLocalities;

    private Builder() {}

    /** Sets {@link RetryPolicy#attempts}. */
    public Builder attempts(int attempts) {
      this.attempts = attempts;
      return this;
    }

    /** Sets {@link RetryPolicy#perTryTimeoutMillis}. */
    public Builder perTryTimeoutMillis(long perTryTimeoutMillis) {
      this.perTryTimeoutMillis = perTryTimeoutMillis;
      return this;
    }

    /** Sets {@link RetryPolicy#backoffMillis}. */
    public Builder backoffMillis(long backoffMillis) {
      this.backoffMillis = backoffMillis;
      return this;
    }

    /** Sets {@link RetryPolicy#retryOn}. */
    public Builder retryOn(List<String> retryOn) {
      this.retryOn = retryOn;
      return this;
    }

    /** Sets {@link RetryPolicy#retriableStatusCodes}. */
    public Builder retriableStatusCodes(List<Integer> retriableStatusCodes) {
      this.retriableStatusCodes = retriableStatusCodes;
      return this;
    }

    /** Sets {@link RetryPolicy#ignorePreviousHosts}. */
    public Builder ignorePreviousHosts(boolean ignorePreviousHosts) {
      this.ignorePreviousHosts = ignorePreviousHosts;
      return this;
    }

    /** Sets {@link RetryPolicy#remoteLocalities}. */
    public Builder remoteLocalities(boolean remoteLocalities) {
      this.remoteLocalities = remoteLocalities;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public RetryPolicy build() {
      return new RetryPolicy(this);
    }
  }
}
