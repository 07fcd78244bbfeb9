package dev.weft.instrumentation.testing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.bootstrap.CallDepth;
import dev.weft.dataplane.database.DatabaseExchange.Operation;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.support.StatedLimits;
import dev.weft.policy.snapshot.DatabaseBreaker;
import dev.weft.policy.snapshot.DatabaseConnections;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseRedirect;
import dev.weft.policy.snapshot.DatabaseTls;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every JDBC driver must do under the mesh, below every pool. The pool has an open connection
 * before the driver is woven, as when the agent is attached to a running application.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(StatedLimits.class)
@Timeout(60)
@SuppressWarnings("try") // a scope is there to be closed
public abstract class DatabaseContract {
  private static final int SIZE = 3;

  // What kills the server ends the connections that were open before the weaving.
  private static final int LAST = Integer.MAX_VALUE;
  private static final String TABLE = "CREATE TABLE ITEM (ID INT PRIMARY KEY, NAME VARCHAR(40))";

  private final DatabaseMesh mesh = new DatabaseMesh();
  private final RefusingPort refusing = RefusingPort.open();
  private DatabaseUnderTest database;
  private PoolUnderTest pool;
  private PreparedStatement preparedBefore;
  private WeavingHarness harness;

  /** The database, started; the contract closes it. */
  protected abstract DatabaseUnderTest newDatabase() throws Exception;

  /** Where connections come from. */
  protected abstract PoolUnderTest.Maker pools();

  /** The instrumentations under test. */
  protected abstract List<InstrumentationModule> modules();

  /** Binary names of the hooks without which no statement runs, or no connection is opened. */
  protected abstract List<String> enforcingHooks();

  /** Binary names of the hooks whose defects change nothing. */
  protected abstract List<String> observingHooks();

  /** Opens a connection past every pool; a driver that is not the class path's is asked itself. */
  protected Connection open(String url, Properties info) throws SQLException {
    return DriverManager.getConnection(url, info);
  }

  /** The mesh that this JVM is in. */
  protected final DatabaseMesh mesh() {
    return mesh;
  }

  /** The database under test. */
  protected final DatabaseUnderTest database() {
    return database;
  }

  /** The pool under test. */
  protected final PoolUnderTest pool() {
    return pool;
  }

  /** A pool of its own, empty. */
  protected final PoolUnderTest newPool(String url, int size) throws Exception {
    return pools().of(url, database.user(), database.password(), size);
  }

  @BeforeAll
  final void weave() throws Exception {
    database = newDatabase();
    pool = newPool(database.url(), SIZE);
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
    Connection before = direct(database.url());
    preparedBefore = before.prepareStatement("DELETE FROM ITEM WHERE NAME = ?");
    harness =
        WeavingHarness.install(mesh.dataPlane(), modules().toArray(new InstrumentationModule[0]));
  }

  @AfterAll
  final void unweave() throws Exception {
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

  @BeforeEach
  final void empty() throws Exception {
    mesh.apply(List.of());
    execute("DELETE FROM ITEM");
    mesh.forget();
  }

  @AfterEach
  final void mend() {
    harness.breakHook(null);
    mesh.breakObserver(null);
    mesh.apply(List.of());
  }

  /** A connection past every pool. */
  protected final Connection direct(String url) throws SQLException {
    return open(url, login());
  }

  private Properties login() {
    Properties info = new Properties();
    info.setProperty("user", database.user());
    info.setProperty("password", database.password());
    return info;
  }

  /** Executes a statement on a connection of the pool. */
  protected final void execute(String sql) throws SQLException {
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows of the table, asked past every policy. */
  protected final int rows() throws SQLException {
    try (CallDepth.Scope own = CallDepth.agentTraffic();
        Connection connection = direct(database.url());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM ITEM")) {
      result.next();
      return result.getInt(1);
    }
  }

  /** A refusal that a pool does not take for a broken connection. */
  private static void refuses(Class<? extends SQLException> type, Work work) {
    SQLException refused = catchThrowableOfType(type, work::run);
    assertThat((Throwable) refused).isNotNull().hasMessageContaining("DatabasePolicy shop/db");
    assertThat(refused.getSQLState()).hasSize(5).doesNotStartWith("08").isNotEqualTo("0A000");
  }

  /** What a test does with a database. */
  private interface Work {
    void run() throws Exception;
  }

  private void deny(String... kinds) {
    mesh.statements(s -> s.denied(List.of(kinds)));
  }

  // ---- weaving

  @Test
  void everyClassIsWoven() throws Exception {
    mesh.govern(p -> p);
    execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(harness.report())
        .filteredOn(e -> !e.state().equals("not-seen"))
        .isNotEmpty()
        .allSatisfy(e -> assertThat(e.state()).as(e.toString()).isEqualTo("applied"));
    // Some drivers do not say their version in any file of their own.
    assertThat(harness.unstatedVersions()).allMatch(version -> version.endsWith(" at unknown"));
  }

  @Test
  void withoutPolicyNothingIsTouched() throws Exception {
    execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(rows()).isEqualTo(1);
    assertThat(mesh.seen()).isEmpty();
  }

  @Test
  void policyForAnotherDatabaseTouchesNothing() throws Exception {
    mesh.govern(p -> p.urls(List.of("jdbc:other:*")).statements(readOnly()));
    execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(mesh.seen()).isEmpty();
  }

  private static dev.weft.policy.snapshot.DatabaseStatements readOnly() {
    return dev.weft.policy.snapshot.DatabaseStatements.builder().readOnly(true).build();
  }

  @Test
  void policyMatchesByHostAndPort() throws Exception {
    mesh.govern(
        p ->
            p.urls(List.of())
                .hosts(List.of("127.0.0.1:" + database.port()))
                .statements(readOnly()));
    refuses(SQLNonTransientException.class, () -> execute("INSERT INTO ITEM VALUES (1, 'a')"));
  }

  @Test
  void callsOfTheAgentItselfAreItsOwn() throws Exception {
    mesh.govern(p -> p.statements(readOnly()));
    try (CallDepth.Scope own = CallDepth.agentTraffic()) {
      execute("INSERT INTO ITEM VALUES (1, 'a')");
    }
    assertThat(mesh.seen()).isEmpty();
  }

  @Test
  void urlOfAnotherDriverIsLeftToIt() {
    mesh.govern(p -> p);
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:nobody://127.0.0.1/x"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("No suitable driver");
    assertThat(mesh.seen()).isEmpty();
  }

  // ---- statements count once

  @Test
  void everyWayToExecuteCountsOnce() throws Exception {
    mesh.govern(p -> p);
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      mesh.forget();
      statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
      statement.execute("INSERT INTO ITEM VALUES (2, 'a')", Statement.RETURN_GENERATED_KEYS);
      statement.executeUpdate("INSERT INTO ITEM VALUES (3, 'a')");
      statement.executeUpdate("INSERT INTO ITEM VALUES (4, 'a')", Statement.NO_GENERATED_KEYS);
      try (ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM ITEM")) {
        result.next();
        assertThat(result.getInt(1)).isEqualTo(4);
      }
    }
    assertThat(mesh.seen(Operation.STATEMENT)).hasSize(5);
    assertThat(mesh.seen()).extracting(DatabaseMesh.Seen::outcome).containsOnly("done");
  }

  @Test
  void preparedStatementsCountOncePerExecution() throws Exception {
    mesh.govern(p -> p);
    try (Connection connection = pool.connection();
        PreparedStatement insert = connection.prepareStatement("INSERT INTO ITEM VALUES (?, ?)")) {
      mesh.forget();
      for (int i = 0; i < 3; i++) {
        insert.setInt(1, i);
        insert.setString(2, "a");
        assertThat(insert.executeUpdate()).isEqualTo(1);
      }
    }
    assertThat(rows()).isEqualTo(3);
    assertThat(mesh.seen(Operation.STATEMENT)).hasSize(3);
  }

  @Test
  void preparedQueryCountsOnce() throws Exception {
    mesh.govern(p -> p);
    try (Connection connection = pool.connection();
        PreparedStatement query = connection.prepareStatement("SELECT NAME FROM ITEM")) {
      mesh.forget();
      query.executeQuery().close();
      query.execute();
    }
    assertThat(mesh.seen(Operation.STATEMENT)).hasSize(2);
  }

  @Test
  void calledStatementCountsOnce() throws Exception {
    mesh.govern(p -> p);
    try (Connection connection = pool.connection();
        CallableStatement call = connection.prepareCall(database.call())) {
      mesh.forget();
      call.execute();
    }
    assertThat(mesh.seen(Operation.STATEMENT)).hasSize(1);
  }

  @Test
  void batchOfTextsIsOne() throws Exception {
    mesh.govern(p -> p);
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      mesh.forget();
      statement.addBatch("INSERT INTO ITEM VALUES (1, 'a')");
      statement.addBatch("INSERT INTO ITEM VALUES (2, 'b')");
      assertThat(statement.executeBatch()).containsExactly(1, 1);
    }
    assertThat(mesh.seen())
        .singleElement()
        .satisfies(seen -> assertThat(seen.batchSize()).isEqualTo(2));
  }

  @Test
  void batchOfParametersIsOne() throws Exception {
    mesh.govern(p -> p);
    try (Connection connection = pool.connection();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO ITEM VALUES (?, 'a')")) {
      mesh.forget();
      for (int i = 0; i < 5; i++) {
        insert.setInt(1, i);
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).hasSize(5);
    }
    assertThat(rows()).isEqualTo(5);
    assertThat(mesh.seen())
        .singleElement()
        .satisfies(seen -> assertThat(seen.batchSize()).isEqualTo(5));
  }

  @Test
  void connectCountsOnce() throws Exception {
    mesh.govern(p -> p);
    direct(database.url()).close();
    assertThat(mesh.seen(Operation.CONNECT)).hasSize(1);
  }

  @Test
  void parallelStatementsAllCount() throws Exception {
    mesh.govern(p -> p);
    ExecutorService threads = Executors.newFixedThreadPool(SIZE);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < SIZE; t++) {
        int first = t * 100;
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    execute("INSERT INTO ITEM VALUES (" + (first + i) + ", 'a')");
                  }
                  return null;
                }));
      }
      for (Future<?> one : done) {
        one.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(rows()).isEqualTo(20 * SIZE);
    assertThat(mesh.seen(Operation.STATEMENT)).hasSize(20 * SIZE);
  }

  // ---- guards

  @Test
  void deniedStatementIsRefused() throws Exception {
    deny("DROP");
    refuses(SQLNonTransientException.class, () -> execute("DROP TABLE ITEM"));
    execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void deniedPreparedStatementIsRefused() throws Exception {
    execute("INSERT INTO ITEM VALUES (1, 'a')");
    deny("DELETE");
    try (Connection connection = pool.connection();
        PreparedStatement delete = connection.prepareStatement("DELETE FROM ITEM")) {
      refuses(SQLNonTransientException.class, delete::executeUpdate);
    }
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void statementPreparedBeforeTheAgentCameIsRefused() throws Exception {
    execute("INSERT INTO ITEM VALUES (1, 'a')");
    deny("DELETE");
    preparedBefore.setString(1, "a");
    refuses(SQLNonTransientException.class, preparedBefore::executeUpdate);
    assertThat(rows()).isEqualTo(1);
    mesh.apply(List.of());
    assertThat(preparedBefore.executeUpdate()).isEqualTo(1);
  }

  @Test
  void deniedStatementInABatchRefusesAllOfIt() throws Exception {
    deny("DELETE");
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.addBatch("INSERT INTO ITEM VALUES (1, 'a')");
      statement.addBatch("DELETE FROM ITEM");
      refuses(SQLNonTransientException.class, statement::executeBatch);
    }
    assertThat(rows()).isZero();
  }

  @Test
  void refusedBatchIsNotForgotten() throws Exception {
    deny("DELETE");
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.addBatch("DELETE FROM ITEM");
      refuses(SQLNonTransientException.class, statement::executeBatch);
      refuses(SQLNonTransientException.class, statement::executeBatch);
      statement.clearBatch();
      statement.addBatch("INSERT INTO ITEM VALUES (1, 'a')");
      assertThat(statement.executeBatch()).containsExactly(1);
    }
  }

  @Test
  void readOnlyGuardLetsQueriesThrough() throws Exception {
    mesh.govern(p -> p.statements(readOnly()));
    execute("SELECT COUNT(*) FROM ITEM");
    refuses(SQLNonTransientException.class, () -> execute("INSERT INTO ITEM VALUES (1, 'a')"));
    refuses(
        SQLNonTransientException.class, () -> execute("/* SELECT */ UPDATE ITEM SET NAME = 'b'"));
    assertThat(rows()).isZero();
  }

  @Test
  void refusalLeavesTheTransactionAsItIs() throws Exception {
    try (Connection connection = pool.connection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT INTO ITEM VALUES (1, 'a')");
        deny("DELETE");
        refuses(SQLNonTransientException.class, () -> statement.executeUpdate("DELETE FROM ITEM"));
        statement.executeUpdate("INSERT INTO ITEM VALUES (2, 'b')");
      }
      connection.commit();
      connection.setAutoCommit(true);
    }
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void rollbackTakesBackWhatWasAllowed() throws Exception {
    mesh.govern(p -> p);
    try (Connection connection = pool.connection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT INTO ITEM VALUES (1, 'a')");
      }
      connection.rollback();
      connection.setAutoCommit(true);
    }
    assertThat(rows()).isZero();
  }

  @Test
  void refusalsEvictNoConnection() throws Exception {
    mesh.govern(p -> p.statements(readOnly()));
    try (PoolUnderTest fresh = newPool(database.url(), 1)) {
      fresh.connection().close();
      mesh.forget();
      for (int i = 0; i < 5; i++) {
        try (Connection connection = fresh.connection();
            Statement statement = connection.createStatement()) {
          refuses(
              SQLNonTransientException.class,
              () -> statement.execute("INSERT INTO ITEM VALUES (1, 'a')"));
          statement.execute("SELECT 1");
        }
      }
      assertThat(mesh.seen(Operation.CONNECT)).hasSize(fresh.keeps() ? 0 : 5);
    }
  }

  @Test
  void policyComesAndGoesOnOpenConnections() throws Exception {
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
      mesh.govern(p -> p.statements(readOnly()));
      refuses(
          SQLNonTransientException.class,
          () -> statement.execute("INSERT INTO ITEM VALUES (2, 'a')"));
      mesh.apply(List.of());
      statement.execute("INSERT INTO ITEM VALUES (3, 'a')");
    }
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void failureOfTheDatabaseIsTheDriversOwn() throws Exception {
    SQLException without =
        catchThrowableOfType(SQLException.class, () -> execute("SELECT * FROM X"));
    mesh.govern(p -> p);
    SQLException with = catchThrowableOfType(SQLException.class, () -> execute("SELECT * FROM X"));
    assertThat(with.getClass()).isEqualTo(without.getClass());
    assertThat(with.getSQLState()).isEqualTo(without.getSQLState());
    assertThat(mesh.seen(Operation.STATEMENT))
        .singleElement()
        .satisfies(s -> assertThat(s.outcome()).isEqualTo("failed"));
  }

  @Test
  void closedStatementFailsAsItDoes() throws Exception {
    mesh.govern(p -> p);
    try (Connection connection = direct(database.url())) {
      Statement statement = connection.createStatement();
      statement.close();
      assertThatThrownBy(() -> statement.execute("INSERT INTO ITEM VALUES (1, 'a')"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(rows()).isZero();
  }

  // ---- limits

  @Test
  void statementsBeyondTheRateAreRefused() throws Exception {
    mesh.statements(s -> s.perSecond(0.001).burst(1));
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
      refuses(
          SQLTransientConnectionException.class,
          () -> statement.execute("INSERT INTO ITEM VALUES (2, 'a')"));
    }
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void whatAPoolAsksAConnectionIsNoStatement() throws Exception {
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      mesh.statements(s -> s.perSecond(0.001).burst(1));
      connection.setTransactionIsolation(connection.getTransactionIsolation());
      connection.setReadOnly(connection.isReadOnly());
      connection.getCatalog();
      statement.execute("SELECT 1");
      assertThat(mesh.seen(Operation.STATEMENT)).hasSize(1);
      mesh.apply(List.of());
    }
  }

  @Test
  void statementsBeyondTheBulkheadAreRefused() throws Exception {
    mesh.statements(s -> s.maxConcurrent(1));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection slow = pool.connection();
        Statement running = slow.createStatement();
        Connection other = pool.connection();
        Statement second = other.createStatement()) {
      Future<?> first = thread.submit(() -> running.execute(database.slowQuery()));
      await().atMost(Duration.ofSeconds(20)).until(() -> mesh.running() == 1);
      refuses(SQLTransientConnectionException.class, () -> second.execute("SELECT 1"));
      // A cancel that comes before the driver has sent the statement is lost, and one that comes
      // when the statement has ended may meet a closed one.
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                try {
                  running.cancel();
                } catch (SQLException alreadyClosed) {
                  // The statement has ended between two looks.
                }
                return first.isDone();
              });
    } finally {
      thread.shutdownNow();
    }
    execute("SELECT 1");
  }

  @Test
  void connectionsBeyondTheLimitAreRefused() throws Exception {
    mesh.govern(p -> p.connections(DatabaseConnections.builder().max(2).build()));
    Connection one = direct(database.url());
    Connection two = direct(database.url());
    SQLException refused =
        catchThrowableOfType(SQLTransientConnectionException.class, () -> direct(database.url()));
    assertThat(refused.getSQLState()).startsWith("08");
    one.close();
    direct(database.url()).close();
    abort(two);
    direct(database.url()).close();
    direct(database.url()).close();
  }

  private static void abort(Connection connection) throws SQLException {
    try {
      connection.abort(Runnable::run);
    } catch (AbstractMethodError | SQLFeatureNotSupportedException olderThanJdbc41) {
      connection.close();
    }
  }

  @Test
  void slowStatementIsEndedByTheDriver() throws Exception {
    mesh.statements(s -> s.timeoutMillis(1_000));
    try (Connection connection = direct(database.url());
        Statement statement = connection.createStatement()) {
      int before = statement.getQueryTimeout();
      long start = System.nanoTime();
      assertThatThrownBy(() -> statement.execute(database.slowQuery()))
          .isInstanceOf(SQLException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(statement.getQueryTimeout()).isEqualTo(before);
      statement.execute("SELECT 1");
    }
  }

  @Test
  void shorterTimeoutOfTheApplicationStays() throws Exception {
    mesh.statements(s -> s.timeoutMillis(3_600_000));
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatThrownBy(() -> statement.execute(database.slowQuery()))
          .isInstanceOf(SQLException.class);
      assertThat(statement.getQueryTimeout()).isEqualTo(1);
    }
  }

  @Test
  void longerTimeoutOfTheApplicationComesBack() throws Exception {
    mesh.statements(s -> s.timeoutMillis(5_000));
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(100);
      statement.execute("SELECT 1");
      assertThat(statement.getQueryTimeout()).isEqualTo(100);
      statement.setQueryTimeout(0);
    }
  }

  // ---- connects

  private UnaryPolicy redirect(DatabaseHost... hosts) {
    return p -> p.redirect(DatabaseRedirect.builder().hosts(Arrays.asList(hosts)).build());
  }

  private interface UnaryPolicy extends java.util.function.UnaryOperator<DatabasePolicy.Builder> {}

  private static DatabaseHost host(int port) {
    return DatabaseHost.builder().address("127.0.0.1").port(port).build();
  }

  @Test
  void redirectNeedsNoNameOfTheOldHost() throws Exception {
    mesh.govern(redirect(host(database.port())));
    try (PoolUnderTest fresh = newPool(database.url("db.invalid", 1), 1);
        Connection connection = fresh.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
    }
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void deadHostOfAReplicaSetIsPassedOver() throws Exception {
    DatabaseConnections retrying =
        DatabaseConnections.builder().retries(3).backoffMillis(1).build();
    int closed = refusing.port();
    mesh.govern(p -> redirect(host(closed), host(database.port())).apply(p).connections(retrying));
    for (int i = 0; i < 6; i++) {
      direct(database.url("db.invalid", 1)).close();
    }
    assertThat(mesh.seen(Operation.CONNECT)).hasSize(6);
  }

  @Test
  void connectIsRetriedAndThenFailsAsTheDriverDoes() throws Exception {
    String url = database.url("127.0.0.1", refusing.port());
    SQLException without = catchThrowableOfType(SQLException.class, () -> direct(url));
    mesh.govern(
        p -> p.connections(DatabaseConnections.builder().retries(2).backoffMillis(1).build()));
    SQLException with = catchThrowableOfType(SQLException.class, () -> direct(url));
    assertThat(with.getClass()).isEqualTo(without.getClass());
    assertThat(with.getSQLState()).isEqualTo(without.getSQLState());
    assertThat(mesh.seen(Operation.CONNECT))
        .singleElement()
        .satisfies(s -> assertThat(s.attempts()).isEqualTo(3));
  }

  @Test
  void propertiesOfTheCallerStay() throws Exception {
    mesh.govern(
        p ->
            redirect(host(database.port()))
                .apply(p)
                .connections(DatabaseConnections.builder().timeoutMillis(5_000).build()));
    Properties info = login();
    Properties before = (Properties) info.clone();
    open(database.url("db.invalid", 1), info).close();
    assertThat(info).isEqualTo(before);
  }

  private static DatabaseBreaker breaker() {
    return DatabaseBreaker.builder()
        .window(2)
        .failurePercent(100)
        .openMillis(300)
        .probes(1)
        .build();
  }

  @Test
  void breakerOpensAndSaysSoNatively() throws Exception {
    String url = database.url("127.0.0.1", refusing.port());
    mesh.govern(p -> p.breaker(breaker().toBuilder().openMillis(3_600_000).build()));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> direct(url)).isInstanceOf(SQLException.class);
    }
    assertThatThrownBy(() -> direct(url))
        .isInstanceOf(SQLTransientConnectionException.class)
        .hasMessageContaining("circuit breaker");
    // Another database is another breaker.
    direct(database.url()).close();
  }

  @Test
  @Order(LAST)
  void breakerClosesWhenTheDatabaseIsBack() throws Exception {
    try (PoolUnderTest fresh = newPool(database.url(), 1)) {
      mesh.govern(p -> p.breaker(breaker()));
      fresh.connection().close();
      database.kill();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> direct(database.url()))
                      .isInstanceOf(SQLTransientConnectionException.class)
                      .hasMessageContaining("circuit breaker"));
      database.restart();
      await()
          .atMost(Duration.ofSeconds(40))
          // HikariCP does not look again at a connection that it gave out half a second ago.
          .pollInterval(Duration.ofMillis(600))
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                try (Connection connection = fresh.connection();
                    Statement statement = connection.createStatement()) {
                  statement.execute("SELECT 1");
                }
              });
    } finally {
      renew();
    }
  }

  @Test
  @Order(LAST)
  void killedInATransactionNothingIsRepeated() throws Exception {
    try {
      mesh.govern(
          p -> p.connections(DatabaseConnections.builder().retries(5).backoffMillis(1).build()));
      Connection connection = direct(database.url());
      Statement statement = connection.createStatement();
      statement.execute("INSERT INTO ITEM VALUES (1, 'committed')");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO ITEM VALUES (2, 'lost')");
      mesh.forget();
      database.kill();
      assertThatThrownBy(() -> statement.execute("INSERT INTO ITEM VALUES (3, 'never')"))
          .isInstanceOf(SQLException.class);
      assertThat(mesh.seen()).hasSize(1);
      database.restart();
      assertThatThrownBy(
              () -> {
                statement.execute("INSERT INTO ITEM VALUES (4, 'half')");
                connection.commit();
              })
          .isInstanceOf(SQLException.class);
      assertThat(rows()).isEqualTo(1);
    } finally {
      renew();
    }
  }

  /** After the server was killed: it may still be down, and the pool holds what is broken. */
  private void renew() throws Exception {
    mesh.apply(List.of());
    database.restart();
    pool.close();
    pool = newPool(database.url(), SIZE);
  }

  // ---- TLS

  @ParameterizedTest
  @EnumSource(value = DatabaseTls.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void tlsWithoutIdentityIsRefused(DatabaseTls mode) {
    assertThat(mesh.dataPlane().transport().ready()).isFalse();
    mesh.govern(p -> p.tls(mode));
    assertThatThrownBy(() -> direct(database.url()))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("identity");
  }

  // ---- defects

  @ParameterizedTest
  @MethodSource("enforcingHooks")
  void defectOfAnEnforcingHookRefuses(String hook) throws Exception {
    mesh.govern(p -> p);
    harness.breakHook(hook);
    assertThatThrownBy(
            () -> {
              try (Connection connection = direct(database.url());
                  Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
              }
            })
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("service mesh");
    harness.breakHook(null);
    assertThat(rows()).isZero();
    execute("INSERT INTO ITEM VALUES (1, 'a')");
  }

  @ParameterizedTest
  @MethodSource("observingHooks")
  void defectOfAnObservingHookChangesNothing(String hook) throws Exception {
    mesh.govern(p -> p);
    harness.breakHook(hook);
    try (Connection connection = direct(database.url());
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO ITEM VALUES (?, 'a')")) {
      insert.setInt(1, 1);
      insert.addBatch();
      insert.executeBatch();
    }
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void defectOfTheObserverChangesNothing() throws Exception {
    mesh.govern(p -> p);
    mesh.breakObserver(new IllegalArgumentException("defect of an observer"));
    direct(database.url()).close();
    execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(rows()).isEqualTo(1);
  }
}
