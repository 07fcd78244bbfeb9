package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Limits on connections and requests to one service or subset; 0 means unset. */
public final class ConnectionPool {
  private static final ConnectionPool UNLIMITED = new Builder().build();

  /** TCP connect timeout in milliseconds. */
  public final long connectTimeoutMillis;

  /** Calls at a time that have a connection to themselves. */
  public final int maxConnections;

  /** How many more may wait for one of them to end; unset for any number. */
  public final int http1MaxPendingRequests;

  /** Requests at a time, whatever the protocol (as Istio has it since 1.18). */
  public final int http2MaxRequests;

  /** Requests after which a connection is not used again. */
  public final int maxRequestsPerConnection;

  /** Retries at a time. */
  public final int maxRetries;

  /** Idle time in milliseconds after which a connection is closed. */
  public final long idleTimeoutMillis;

  /** Milliseconds after which a connection is not used again. */
  public final long maxConnectionMillis;

  private ConnectionPool(Builder b) {
    this.connectTimeoutMillis = b.connectTimeoutMillis;
    this.maxConnections = b.maxConnections;
    this.http1MaxPendingRequests = b.http1MaxPendingRequests;
    this.http2MaxRequests = b.http2MaxRequests;
    this.maxRequestsPerConnection = b.maxRequestsPerConnection;
    this.maxRetries = b.maxRetries;
    this.idleTimeoutMillis = b.idleTimeoutMillis;
    this.maxConnectionMillis = b.maxConnectionMillis;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .connectTimeoutMillis(connectTimeoutMillis)
        .maxConnections(maxConnections)
        .http1MaxPendingRequests(http1MaxPendingRequests)
        .http2MaxRequests(http2MaxRequests)
        .maxRequestsPerConnection(maxRequestsPerConnection)
        .maxRetries(maxRetries)
        .idleTimeoutMillis(idleTimeoutMillis)
        .maxConnectionMillis(maxConnectionMillis);
  }

  /** Returns the pool settings of a service that sets none. */
  public static ConnectionPool unlimited() {
    return UNLIMITED;
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      connectTimeoutMillis,
      maxConnections,
      http1MaxPendingRequests,
      http2MaxRequests,
      maxRequestsPerConnection,
      maxRetries,
      idleTimeoutMillis,
      maxConnectionMillis
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConnectionPool
        && Arrays.equals(fields(), ((ConnectionPool) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "ConnectionPool" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private long connectTimeoutMillis;
    private int maxConnections;
    private int http1MaxPendingRequests;
    private int http2MaxRequests;
    private int maxRequestsPerConnection;
    private int maxRetries;
    private long idleTimeoutMillis;
    private long maxConnectionMillis;

    private Builder() {}

    /** Sets {@link ConnectionPool#connectTimeoutMillis}. */
    public Builder connectTimeoutMillis(long connectTimeoutMillis) {
      this.connectTimeoutMillis = connectTimeoutMillis;
      return this;
    }

    /** Sets {@link ConnectionPool#maxConnections}. */
    public Builder maxConnections(int maxConnections) {
      this.maxConnections = maxConnections;
      return this;
    }

    /** Sets {@link ConnectionPool#http1MaxPendingRequests}. */
    public Builder http1MaxPendingRequests(int http1MaxPendingRequests) {
      this.http1MaxPendingRequests = http1MaxPendingRequests;
      return this;
    }

    /** Sets {@link ConnectionPool#http2MaxRequests}. */
    public Builder http2MaxRequests(int http2MaxRequests) {
      this.http2MaxRequests = http2MaxRequests;
      return this;
    }

    /** Sets {@link ConnectionPool#maxRequestsPerConnection}. */
    public Builder maxRequestsPerConnection(int maxRequestsPerConnection) {
      this.maxRequestsPerConnection = maxRequestsPerConnection;
      return this;
    }

    /** Sets {@link ConnectionPool#maxRetries}. */
    public Builder maxRetries(int maxRetries) {
      this.maxRetries = maxRetries;
      return this;
    }

    /** Sets {@link ConnectionPool#idleTimeoutMillis}. */
    public Builder idleTimeoutMillis(long idleTimeoutMillis) {
      this.idleTimeoutMillis = idleTimeoutMillis;
      return this;
    }

    /** Sets {@link ConnectionPool#maxConnectionMillis}. */
    public Builder maxConnectionMillis(long maxConnectionMillis) {
      this.maxConnectionMillis = maxConnectionMillis;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public ConnectionPool build() {
      return new ConnectionPool(this);
    }
  }
}
