package dev.weft.instrumentation.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.bootstrap.CallDepth;
import dev.weft.dataplane.database.DatabaseExchange.Operation;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.database.DatabaseMesh;
import dev.weft.instrumentation.testing.database.PostgresServer;
import dev.weft.instrumentation.testing.database.ServerUnderTest;
import dev.weft.policy.snapshot.DatabaseConnections;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabaseRedirect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIf;

/**
 * One of two real servers is killed while transactions run on both, below HikariCP: each
 * transaction is done once or not at all, and no connection is lost to the pool.
 */
@Timeout(120)
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
@SuppressWarnings("try") // a scope is there to be closed
class FailoverTest {
  private static final int SECOND = 1_000_000;

  @Nested
  class OfPostgres extends Failover {
    @Override
    ServerUnderTest server() throws Exception {
      String missing = PostgresServer.missing();
      Assumptions.assumeTrue(missing == null, missing);
      return PostgresServer.start();
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class OfMariadb extends Failover {
    @Override
    ServerUnderTest server() throws Exception {
      String missing = MariadbServer.missing();
      Assumptions.assumeTrue(missing == null, missing);
      return MariadbServer.start("jdbc:mariadb://%s/shop");
    }
  }

  /** How a transaction ended for the application. */
  private enum Ending {
    COMMITTED,
    FAILED,
    UNKNOWN
  }

  private abstract static class Failover {
    private final DatabaseMesh mesh = new DatabaseMesh();
    private final Map<Integer, Ending> endings = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger statements = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Leaks leaks = new Leaks();

    abstract ServerUnderTest server() throws Exception;

    @Test
    void transactionsAreDoneOnceOrNotAtAll() throws Exception {
      ServerUnderTest doomed = server();
      ServerUnderTest other = server();
      execute(doomed, "CREATE TABLE ITEM (ID INT, NAME VARCHAR(40))");
      execute(other, "CREATE TABLE ITEM (ID INT, NAME VARCHAR(40))");
      List<Integer> stored;
      try (WeavingHarness harness =
              WeavingHarness.install(
                  mesh.dataPlane(), JdbcContract.all().toArray(new InstrumentationModule[0]));
          HikariDataSource pool = pool(other)) {
        mesh.govern(
            p ->
                p.redirect(
                        DatabaseRedirect.builder()
                            .hosts(List.of(host(doomed), host(other)))
                            .consecutiveFailures(1)
                            .build())
                    .connections(
                        DatabaseConnections.builder().retries(3).backoffMillis(10).build()));
        // A pool asks its first connection what it can, by statements of the driver's own.
        pool.getConnection().close();
        mesh.forget();
        run(pool, doomed);
        assertThat(mesh.seen(Operation.STATEMENT)).hasSize(statements.get());
        assertThat(leaks.seen()).isEmpty();
        provesThatLeaksAreSeen(pool);
        doomed.restart();
        stored = ids(doomed);
        assertThat(stored).as("transactions on the host that was killed").isNotEmpty();
        stored.addAll(ids(other));
      } finally {
        doomed.close();
        other.close();
      }
      check(stored);
    }

    private void run(HikariDataSource pool, ServerUnderTest doomed) throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Future<?>> done = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          done.add(threads.submit(() -> work(pool)));
        }
        awaitCommitted(100);
        doomed.kill();
        awaitCommitted(committed() + 200);
        over.set(true);
        for (Future<?> one : done) {
          one.get(30, TimeUnit.SECONDS);
        }
      } finally {
        over.set(true);
        threads.shutdownNow();
      }
    }

    private void work(HikariDataSource pool) {
      while (!over.get()) {
        int id = ids.incrementAndGet();
        endings.put(id, transact(pool, id));
        // A few hundred a second are enough; what dies and starts beside needs the processor.
        LockSupport.parkNanos(5_000_000);
      }
    }

    private Ending transact(HikariDataSource pool, int id) {
      boolean committing = false;
      try (Connection connection = pool.getConnection()) {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
          statements.incrementAndGet();
          statement.executeUpdate("INSERT INTO ITEM VALUES (" + id + ", 'a')");
          statements.incrementAndGet();
          statement.executeUpdate("INSERT INTO ITEM VALUES (" + (SECOND + id) + ", 'b')");
        }
        committing = true;
        connection.commit();
        return Ending.COMMITTED;
      } catch (SQLException e) {
        return committing ? Ending.UNKNOWN : Ending.FAILED;
      }
    }

    private int committed() {
      return (int) endings.values().stream().filter(e -> e == Ending.COMMITTED).count();
    }

    private void awaitCommitted(int count) {
      await().atMost(Duration.ofSeconds(40)).until(() -> committed() >= count);
    }

    private void check(List<Integer> rows) {
      Set<Integer> stored = new HashSet<>(rows);
      assertThat(rows).as("rows that are there twice").hasSameSizeAs(stored);
      Map<Ending, Integer> counted = new EnumMap<>(Ending.class);
      endings.forEach(
          (id, ending) -> {
            counted.merge(ending, 1, Integer::sum);
            boolean first = stored.remove(id);
            boolean second = stored.remove(SECOND + id);
            assertThat(first).as("halves of transaction %d, %s", id, ending).isEqualTo(second);
            if (ending != Ending.UNKNOWN) {
              assertThat(first)
                  .as("transaction %d, %s", id, ending)
                  .isEqualTo(ending == Ending.COMMITTED);
            }
          });
      assertThat(stored).as("rows that nobody asked for").isEmpty();
      System.out.println("failover: " + counted);
    }

    private void provesThatLeaksAreSeen(HikariDataSource pool) throws SQLException {
      try (Connection held = pool.getConnection()) {
        await().atMost(Duration.ofSeconds(10)).until(() -> !leaks.seen().isEmpty());
      }
    }
  }

  private static HikariDataSource pool(ServerUnderTest server) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(server.url("db.invalid", 1));
    pool.setUsername(server.user());
    pool.setPassword(server.password());
    pool.setMaximumPoolSize(4);
    pool.setMinimumIdle(0);
    pool.setInitializationFailTimeout(-1);
    pool.setLeakDetectionThreshold(2_000);
    return pool;
  }

  private static DatabaseHost host(ServerUnderTest server) {
    return DatabaseHost.builder().address("127.0.0.1").port(server.port()).build();
  }

  private static void execute(ServerUnderTest server, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(server.url(), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<Integer> ids(ServerUnderTest server) throws SQLException {
    List<Integer> ids = new ArrayList<>();
    try (CallDepth.Scope own = CallDepth.agentTraffic();
        Connection connection =
            DriverManager.getConnection(server.url(), server.user(), server.password());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT ID FROM ITEM")) {
      while (result.next()) {
        ids.add(result.getInt(1));
      }
    }
    return ids;
  }

  /** What HikariCP's leak detection says. */
  private static final class Leaks extends Handler {
    private final Logger logger = Logger.getLogger("com.zaxxer.hikari.pool.ProxyLeakTask");
    private final List<String> seen = new CopyOnWriteArrayList<>();

    Leaks() {
      logger.addHandler(this);
    }

    List<String> seen() {
      return seen;
    }

    @Override
    public void publish(LogRecord record) {
      seen.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
