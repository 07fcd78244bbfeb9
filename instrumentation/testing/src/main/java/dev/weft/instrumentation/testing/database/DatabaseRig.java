package dev.weft.instrumentation.testing.database;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.bootstrap.CallDepth;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/**
 * What the cases of a {@link DatabaseContract} run on: the mesh, the database, and a pool that has
 * an open connection before the driver is woven. Used by the test's thread; {@link #execute},
 * {@link #direct} and {@link #rows} by any.
 */
final class DatabaseRig {
  /** Connections of the pool. */
  static final int SIZE = 3;

  private static final String TABLE = "CREATE TABLE ITEM (ID INT PRIMARY KEY, NAME VARCHAR(40))";

  private final DatabaseContract subject;
  private final DatabaseMesh mesh = new DatabaseMesh();
  private final RefusingPort refusing = RefusingPort.open();
  private DatabaseUnderTest database;
  private PoolUnderTest pool;
  private PreparedStatement preparedBefore;
  private WeavingHarness harness;

  @SuppressWarnings("NullAway.Init") // weave() comes before every use
  DatabaseRig(DatabaseContract subject) {
    this.subject = subject;
  }

  void weave() throws Exception {
    database = subject.newDatabase();
    pool = newPool(database.url(), SIZE);
    execute(TABLE);
    Connection before = direct(database.url());
    preparedBefore = before.prepareStatement("DELETE FROM ITEM WHERE NAME = ?");
    harness =
        WeavingHarness.install(
            mesh.dataPlane(), subject.modules().toArray(new InstrumentationModule[0]));
  }

  void unweave() throws Exception {
    if (harness != null) {
      harness.close();
    }
    if (pool != null) {
      pool.close();
    }
    if (database != null) {
      database.close();
    }
    refusing.close();
  }

  void empty() throws Exception {
    mesh.apply(List.of());
    execute("DELETE FROM ITEM");
    mesh.forget();
  }

  void mend() {
    harness.breakHook(null);
    mesh.breakObserver(null);
    mesh.apply(List.of());
  }

  /** After the server was killed: it may still be down, and the pool holds what is broken. */
  void renew() throws Exception {
    mesh.apply(List.of());
    database.restart();
    pool.close();
    pool = newPool(database.url(), SIZE);
  }

  DatabaseMesh mesh() {
    return mesh;
  }

  DatabaseUnderTest database() {
    return database;
  }

  PoolUnderTest pool() {
    return pool;
  }

  WeavingHarness harness() {
    return harness;
  }

  /** Of a connection that was there before the weaving. */
  PreparedStatement preparedBefore() {
    return preparedBefore;
  }

  /** A port at which nobody listens. */
  RefusingPort refusing() {
    return refusing;
  }

  /** A pool of its own, empty. */
  PoolUnderTest newPool(String url, int size) throws Exception {
    return subject.pools().of(url, database.user(), database.password(), size);
  }

  /** A connection past every pool. */
  Connection direct(String url) throws SQLException {
    return open(url, login());
  }

  /** The same, with the properties that the driver is handed. */
  Connection open(String url, Properties info) throws SQLException {
    return subject.open(url, info);
  }

  /** What a driver needs to be let in. */
  Properties login() {
    Properties info = new Properties();
    info.setProperty("user", database.user());
    info.setProperty("password", database.password());
    return info;
  }

  /** Executes a statement on a connection of the pool. */
  void execute(String sql) throws SQLException {
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows of the table, asked past every policy. */
  @SuppressWarnings("try") // a scope is there to be closed
  int rows() throws SQLException {
    try (CallDepth.Scope own = CallDepth.agentTraffic();
        Connection connection = direct(database.url());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM ITEM")) {
      result.next();
      return result.getInt(1);
    }
  }

  /** Denies statements of these kinds. */
  void deny(String... kinds) {
    mesh.statements(s -> s.denied(List.of(kinds)));
  }
}
