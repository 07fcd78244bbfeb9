package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an instance finds out whether it can be called (WorkloadGroup {@code probe}). Immutable. */
public final class ReadinessProbe {
  /** How a probe asks. */
  public enum Method {
    /** A connection is enough. */
    TCP,
    /** A GET request. */
    HTTP,
    /** A GET request over the application's own TLS, whose certificate is not judged. */
    HTTPS
  }

  /** How it is asked. */
  public final Method method;

  /** Host name or address to connect to; empty for the instance itself. */
  public final String host;

  /** Port to connect to, 1 to 65535. */
  public final int port;

  /** Path of the request; an answer of 200 to 399 is a good one, as in Kubernetes. */
  public final String path;

  /** Headers of the request by name. */
  public final Map<String, String> headers;

  /** Seconds until the first attempt. */
  public final int initialDelaySeconds;

  /** Seconds that an attempt may take, at least 1. */
  public final int timeoutSeconds;

  /** Seconds from one attempt to the next, at least 1. */
  public final int periodSeconds;

  /** Successes in a row that make an instance ready, at least 1. */
  public final int successThreshold;

  /** Failures in a row that make it not ready, at least 1. */
  public final int failureThreshold;

  private ReadinessProbe(Builder b) {
    this.method = b.method;
    this.host = b.host;
    this.port = b.port;
    this.path = b.path;
    this.headers = Copies.of(b.headers);
    this.initialDelaySeconds = b.initialDelaySeconds;
    this.timeoutSeconds = b.timeoutSeconds;
    this.periodSeconds = b.periodSeconds;
    this.successThreshold = b.successThreshold;
    this.failureThreshold = b.failureThreshold;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .method(method)
        .host(host)
        .port(port)
        .path(path)
        .headers(headers)
        .initialDelaySeconds(initialDelaySeconds)
        .timeoutSeconds(timeoutSeconds)
        .periodSeconds(periodSeconds)
        .successThreshold(successThreshold)
        .failureThreshold(failureThreshold);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      method,
      host,
      port,
      path,
      headers,
      initialDelaySeconds,
      timeoutSeconds,
      periodSeconds,
      successThreshold,
      failureThreshold
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReadinessProbe
        && Arrays.equals(fields(), ((ReadinessProbe) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "ReadinessProbe" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private Method method = Method.HTTP;
    private String host = "";
    private int port = 0;
    private String path = "/";
    private Map<String, String> headers = Collections.emptyMap();
    private int initialDelaySeconds = 0;
    private int timeoutSeconds = 1;
    private int periodSeconds = 10;
    private int successThreshold = 1;
    private int failureThreshold = 3;

    private Builder() {}

    /** Sets {@link ReadinessProbe#method}. */
    public Builder method(Method method) {
      this.method = method;
      return this;
    }

    /** Sets {@link ReadinessProbe#host}. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Sets {@link ReadinessProbe#port}. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets {@link ReadinessProbe#path}. */
    public Builder path(String path) {
      this.path = path;
      return this;
    }

    /** Sets {@link ReadinessProbe#headers}. */
    public Builder headers(Map<String, String> headers) {
      this.headers = headers;
      return this;
    }

    /** Sets {@link ReadinessProbe#initialDelaySeconds}. */
    public Builder initialDelaySeconds(int initialDelaySeconds) {
      this.initialDelaySeconds = initialDelaySeconds;
      return this;
    }

    /** Sets {@link ReadinessProbe#timeoutSeconds}. */
    public Builder timeoutSeconds(int timeoutSeconds) {
      this.timeoutSeconds = timeoutSeconds;
      return this;
    }

    /** Sets {@link ReadinessProbe#periodSeconds}. */
    public Builder periodSeconds(int periodSeconds) {
      this.periodSeconds = periodSeconds;
      return this;
    }

    /** Sets {@link ReadinessProbe#successThreshold}. */
    public Builder successThreshold(int successThreshold) {
      this.successThreshold = successThreshold;
      return this;
    }

    /** Sets {@link ReadinessProbe#failureThreshold}. */
    public Builder failureThreshold(int failureThreshold) {
      this.failureThreshold = failureThreshold;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public ReadinessProbe build() {
      return new ReadinessProbe(this);
    }
  }
}
