package dev.weft.instrumentation.testing.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.database.DatabaseExchange.Operation;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A statement counts once, by whichever way it comes. */
interface StatementCases extends DatabaseCases {
  @Test
  default void everyWayToExecuteCountsOnce() throws Exception {
    rig().mesh().govern(p -> p);
    try (Connection connection = rig().pool().connection();
        Statement statement = connection.createStatement()) {
      rig().mesh().forget();
      statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
      statement.execute("INSERT INTO ITEM VALUES (2, 'a')", Statement.RETURN_GENERATED_KEYS);
      statement.executeUpdate("INSERT INTO ITEM VALUES (3, 'a')");
      statement.executeUpdate("INSERT INTO ITEM VALUES (4, 'a')", Statement.NO_GENERATED_KEYS);
      try (ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM ITEM")) {
        result.next();
        assertThat(result.getInt(1)).isEqualTo(4);
      }
    }
    assertThat(rig().mesh().seen(Operation.STATEMENT)).hasSize(5);
    assertThat(rig().mesh().seen()).extracting(DatabaseMesh.Seen::outcome).containsOnly("done");
  }

  @Test
  default void preparedStatementsCountOncePerExecution() throws Exception {
    rig().mesh().govern(p -> p);
    try (Connection connection = rig().pool().connection();
        PreparedStatement insert = connection.prepareStatement("INSERT INTO ITEM VALUES (?, ?)")) {
      rig().mesh().forget();
      for (int i = 0; i < 3; i++) {
        insert.setInt(1, i);
        insert.setString(2, "a");
        assertThat(insert.executeUpdate()).isEqualTo(1);
      }
    }
    assertThat(rig().rows()).isEqualTo(3);
    assertThat(rig().mesh().seen(Operation.STATEMENT)).hasSize(3);
  }

  @Test
  default void preparedQueryCountsOnce() throws Exception {
    rig().mesh().govern(p -> p);
    try (Connection connection = rig().pool().connection();
        PreparedStatement query = connection.prepareStatement("SELECT NAME FROM ITEM")) {
      rig().mesh().forget();
      query.executeQuery().close();
      query.execute();
    }
    assertThat(rig().mesh().seen(Operation.STATEMENT)).hasSize(2);
  }

  @Test
  default void calledStatementCountsOnce() throws Exception {
    rig().mesh().govern(p -> p);
    try (Connection connection = rig().pool().connection();
        CallableStatement call = connection.prepareCall(rig().database().call())) {
      rig().mesh().forget();
      call.execute();
    }
    assertThat(rig().mesh().seen(Operation.STATEMENT)).hasSize(1);
  }

  @Test
  default void batchOfTextsIsOne() throws Exception {
    rig().mesh().govern(p -> p);
    try (Connection connection = rig().pool().connection();
        Statement statement = connection.createStatement()) {
      rig().mesh().forget();
      statement.addBatch("INSERT INTO ITEM VALUES (1, 'a')");
      statement.addBatch("INSERT INTO ITEM VALUES (2, 'b')");
      assertThat(statement.executeBatch()).containsExactly(1, 1);
    }
    assertThat(rig().mesh().seen())
        .singleElement()
        .satisfies(seen -> assertThat(seen.batchSize()).isEqualTo(2));
  }

  @Test
  default void batchOfParametersIsOne() throws Exception {
    rig().mesh().govern(p -> p);
    try (Connection connection = rig().pool().connection();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO ITEM VALUES (?, 'a')")) {
      rig().mesh().forget();
      for (int i = 0; i < 5; i++) {
        insert.setInt(1, i);
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).hasSize(5);
    }
    assertThat(rig().rows()).isEqualTo(5);
    assertThat(rig().mesh().seen())
        .singleElement()
        .satisfies(seen -> assertThat(seen.batchSize()).isEqualTo(5));
  }

  @Test
  default void connectCountsOnce() throws Exception {
    rig().mesh().govern(p -> p);
    rig().direct(rig().database().url()).close();
    assertThat(rig().mesh().seen(Operation.CONNECT)).hasSize(1);
  }

  @Test
  default void parallelStatementsAllCount() throws Exception {
    rig().mesh().govern(p -> p);
    ExecutorService threads = Executors.newFixedThreadPool(DatabaseRig.SIZE);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < DatabaseRig.SIZE; t++) {
        int first = t * 100;
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    rig().execute("INSERT INTO ITEM VALUES (" + (first + i) + ", 'a')");
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
    assertThat(rig().rows()).isEqualTo(20 * DatabaseRig.SIZE);
    assertThat(rig().mesh().seen(Operation.STATEMENT)).hasSize(20 * DatabaseRig.SIZE);
  }
}
