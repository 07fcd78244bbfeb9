package dev.weft.instrumentation.testing.database;

import java.sql.Connection;
import java.sql.SQLException;

/** Where the application gets its connections from: a pool, or the driver manager. */
public interface PoolUnderTest extends AutoCloseable {
  /** A connection, to be closed by the caller. */
  Connection connection() throws SQLException;

  /** Whether {@link Connection#close} gives the connection back rather than closing it. */
  boolean keeps();

  @Override
  void close();

  /** Makes pools. */
  interface Maker {
    /** A pool of a database, of at most {@code size} connections, that opens none by itself. */
    PoolUnderTest of(String url, String user, String password, int size) throws Exception;
  }
}
