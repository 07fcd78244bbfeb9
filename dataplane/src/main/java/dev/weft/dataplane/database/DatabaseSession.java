package dev.weft.dataplane.database;

import dev.weft.dataplane.sql.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * One physical connection, from before it is opened until it is closed. The library's side keeps it
 * with the connection and nowhere else: when both are lost, what they held is given back. Follows
 * the policy in force, also on connections opened before. Thread-safe.
 */
public final class DatabaseSession {
  private final DatabaseDriver driver;
  private final DatabaseAddress address;
  private final Dialect dialect;
  private volatile Seen seen;
  private @Nullable OpenConnection open;
  private boolean closed;

  /** What a snapshot says of this database. */
  private static final class Seen {
    final CompiledDatabases policies;
    final @Nullable DatabaseTarget target;

    Seen(CompiledDatabases policies, @Nullable DatabaseTarget target) {
      this.policies = policies;
      this.target = target;
    }
  }

  DatabaseSession(DatabaseDriver driver, DatabaseAddress address) {
    this.driver = driver;
    this.address = address;
    this.dialect = Dialect.of(address.system());
    CompiledDatabases policies = driver.policies();
    this.seen = new Seen(policies, driver.target(policies, address));
  }

  /** The database as the application names it. */
  public DatabaseAddress address() {
    return address;
  }

  /** Whether a policy holds for this database now; else calls go through as if not woven. */
  public boolean isGoverned() {
    return target() != null;
  }

  /** Host that policy chose for the open connection, or null when it is the URL's own. */
  public synchronized @Nullable String redirectedHost() {
    HostState host = open == null ? null : open.host();
    return host == null ? null : host.address();
  }

  /** The connection is closed, by whomever; the second and further calls do nothing. */
  public synchronized void close() {
    closed = true;
    OpenConnection held = open;
    open = null;
    if (held != null) {
      held.close();
    }
  }

  Dialect dialect() {
    return dialect;
  }

  @Nullable DatabaseTarget target() {
    Seen now = seen;
    CompiledDatabases policies = driver.policies();
    if (now.policies != policies) {
      now = new Seen(policies, driver.target(policies, address));
      seen = now;
    }
    return now.target;
  }

  /** Takes over what the connect took; gives it back at once when the session is closed already. */
  synchronized void opened(OpenConnection connection) {
    OpenConnection before = open;
    open = connection;
    if (before != null) {
      before.close();
    }
    if (closed) {
      open = null;
      connection.close();
    }
  }

  synchronized @Nullable HostState host() {
    return open == null ? null : open.host();
  }

  @Override
  public String toString() {
    return "connection to " + address;
  }
}
