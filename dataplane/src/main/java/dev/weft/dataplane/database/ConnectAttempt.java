package dev.weft.dataplane.database;

import dev.weft.dataplane.identity.ClientTls;
import dev.weft.policy.snapshot.DatabaseTls;
import org.jspecify.annotations.Nullable;

/** One try to connect: where, how long, how secured. Belongs to one connect. */
public final class ConnectAttempt {
  private final DatabaseAddress address;
  private final @Nullable HostState host;
  private final int number;
  private DatabaseTls security = DatabaseTls.NONE;
  private @Nullable ClientTls tls;
  private long timeoutMillis;

  ConnectAttempt(DatabaseAddress address, @Nullable HostState host, int number) {
    this.address = address;
    this.host = host;
    this.number = number;
  }

  /** Whether policy names another host than the URL does; else the URL stays as it is. */
  public boolean redirected() {
    return host != null;
  }

  /** Host to connect to, {@code ""} for a database inside the process. */
  public String host() {
    return host == null ? address.host() : host.address();
  }

  /** Port to connect to, 0 when there is none. */
  public int port() {
    return host == null || host.port() == 0 ? address.port() : host.port();
  }

  /** 1 for the first try, 2 for the first retry. */
  public int number() {
    return number;
  }

  /** Milliseconds for connecting, login included, at least 1; 0 leaves it to the driver. */
  public long timeoutMillis() {
    return timeoutMillis;
  }

  /** What has to secure the connection. */
  public DatabaseTls security() {
    return security;
  }

  /** What TLS of the connection has to hold; null when {@link #security} is NONE. */
  public @Nullable ClientTls tls() {
    return tls;
  }

  @Nullable HostState hostState() {
    return host;
  }

  void limit(long millis) {
    this.timeoutMillis = millis;
  }

  void secure(DatabaseTls mode, @Nullable ClientTls required) {
    this.security = mode;
    this.tls = required;
  }

  @Override
  public String toString() {
    return "#" + number + " at " + host() + ":" + port();
  }
}
