package dev.weft.instrumentation.testing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weft.dataplane.database.DatabaseExchange.Operation;
import dev.weft.policy.snapshot.DatabaseConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Rates, bulkheads, numbers of connections and timeouts. */
interface LimitCases extends DatabaseCases {
  @Test
  default void statementsBeyondTheRateAreRefused() throws Exception {
    rig().mesh().statements(s -> s.perSecond(0.001).burst(1));
    try (Connection connection = rig().pool().connection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
      DatabaseCases.refuses(
          SQLTransientConnectionException.class,
          () -> statement.execute("INSERT INTO ITEM VALUES (2, 'a')"));
    }
    assertThat(rig().rows()).isEqualTo(1);
  }

  @Test
  default void whatAPoolAsksAConnectionIsNoStatement() throws Exception {
    try (Connection connection = rig().pool().connection();
        Statement statement = connection.createStatement()) {
      rig().mesh().statements(s -> s.perSecond(0.001).burst(1));
      connection.setTransactionIsolation(connection.getTransactionIsolation());
      connection.setReadOnly(connection.isReadOnly());
      connection.getCatalog();
      statement.execute("SELECT 1");
      assertThat(rig().mesh().seen(Operation.STATEMENT)).hasSize(1);
      rig().mesh().apply(List.of());
    }
  }

  @Test
  default void statementsBeyondTheBulkheadAreRefused() throws Exception {
    rig().mesh().statements(s -> s.maxConcurrent(1));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection slow = rig().pool().connection();
        Statement running = slow.createStatement();
        Connection other = rig().pool().connection();
        Statement second = other.createStatement()) {
      Future<?> first = thread.submit(() -> running.execute(rig().database().slowQuery()));
      await().atMost(Duration.ofSeconds(20)).until(() -> rig().mesh().running() == 1);
      DatabaseCases.refuses(
          SQLTransientConnectionException.class, () -> second.execute("SELECT 1"));
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
    rig().execute("SELECT 1");
  }

  @Test
  default void connectionsBeyondTheLimitAreRefused() throws Exception {
    rig().mesh().govern(p -> p.connections(DatabaseConnections.builder().max(2).build()));
    Connection one = rig().direct(rig().database().url());
    Connection two = rig().direct(rig().database().url());
    SQLException refused =
        catchThrowableOfType(
            SQLTransientConnectionException.class, () -> rig().direct(rig().database().url()));
    assertThat(refused.getSQLState()).startsWith("08");
    one.close();
    rig().direct(rig().database().url()).close();
    abort(two);
    rig().direct(rig().database().url()).close();
    rig().direct(rig().database().url()).close();
  }

  private static void abort(Connection connection) throws SQLException {
    try {
      connection.abort(Runnable::run);
    } catch (AbstractMethodError | SQLFeatureNotSupportedException olderThanJdbc41) {
      connection.close();
    }
  }

  @Test
  default void slowStatementIsEndedByTheDriver() throws Exception {
    rig().mesh().statements(s -> s.timeoutMillis(1_000));
    try (Connection connection = rig().direct(rig().database().url());
        Statement statement = connection.createStatement()) {
      int before = statement.getQueryTimeout();
      long start = System.nanoTime();
      assertThatThrownBy(() -> statement.execute(rig().database().slowQuery()))
          .isInstanceOf(SQLException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(statement.getQueryTimeout()).isEqualTo(before);
      statement.execute("SELECT 1");
    }
  }

  @Test
  default void shorterTimeoutOfTheApplicationStays() throws Exception {
    rig().mesh().statements(s -> s.timeoutMillis(3_600_000));
    try (Connection connection = rig().pool().connection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      statement.execute("SELECT 1");
      assertThat(statement.getQueryTimeout()).isEqualTo(1);
      // Last, for a pool may close the connection of what ran out of time, behind the caller's
      // back.
      assertThatThrownBy(() -> statement.execute(rig().database().slowQuery()))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  default void longerTimeoutOfTheApplicationComesBack() throws Exception {
    rig().mesh().statements(s -> s.timeoutMillis(5_000));
    try (Connection connection = rig().pool().connection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(100);
      statement.execute("SELECT 1");
      assertThat(statement.getQueryTimeout()).isEqualTo(100);
      statement.setQueryTimeout(0);
    }
  }
}
