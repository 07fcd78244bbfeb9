package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.Bindings;
import dev.weft.bootstrap.CallDepth;
import dev.weft.dataplane.database.DatabaseDriver;
import dev.weft.dataplane.database.DatabaseSession;
import dev.weft.dataplane.identity.NativeTls;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The session of each connection that a driver of this class loader has open. A connection that was
 * opened before it could be seen is known by its URL, which the drivers woven here answer without
 * asking the server.
 */
final class Sessions {
  /** Mark of a thread inside a driver; what the driver does there is not the application's. */
  static final String INSIDE = "dev.weft.jdbc";

  private static final Bindings<DatabaseSession> OPEN = new Bindings<>();
  private static final Bindings<NativeTls> SECURED = new Bindings<>();

  private Sessions() {}

  /** Keeps the session of a connection that was opened. */
  static void opened(Connection connection, DatabaseSession session) {
    OPEN.put(connection, session);
  }

  /** Keeps what secures a connection. */
  static void secured(Connection connection, NativeTls tls) {
    SECURED.put(connection, tls);
  }

  /** Gives back what a connection held. */
  static void closed(Object connection) {
    NativeTls tls = SECURED.remove(connection);
    if (tls != null) {
      tls.end();
    }
    DatabaseSession session = OPEN.remove(connection);
    if (session != null) {
      session.close();
    }
  }

  /**
   * The session of a connection.
   *
   * @throws SQLException when the connection is closed
   */
  static @Nullable DatabaseSession of(DatabaseDriver databases, Connection connection)
      throws SQLException {
    DatabaseSession known = OPEN.get(connection);
    if (known != null) {
      return known;
    }
    Dialect dialect = Dialect.of(connection.getClass());
    if (dialect == null) {
      // MySQL hands out a proxy for several hosts; its metadata are the driver's own.
      dialect = Dialect.of(connection.getMetaData().getClass());
    }
    String url = url(connection);
    if (dialect == null || url == null) {
      return null;
    }
    DatabaseSession made = databases.session(JdbcUrl.of(dialect, url).address(null));
    return OPEN.putIfAbsent(connection, made);
  }

  private static @Nullable String url(Connection connection) throws SQLException {
    CallDepth.enter(INSIDE);
    try {
      return connection.getMetaData().getURL();
    } finally {
      CallDepth.leave(INSIDE);
    }
  }
}
