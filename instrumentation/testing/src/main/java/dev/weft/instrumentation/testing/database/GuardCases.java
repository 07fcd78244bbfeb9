package dev.weft.instrumentation.testing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.dataplane.database.DatabaseExchange.Operation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statements that policy refuses, and what a refusal leaves as it was. */
interface GuardCases extends DatabaseCases {
  @Test
  default void deniedStatementIsRefused() throws Exception {
    rig().deny("DROP");
    DatabaseCases.refuses(SQLNonTransientException.class, () -> rig().execute("DROP TABLE ITEM"));
    rig().execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(rig().rows()).isEqualTo(1);
  }

  @Test
  default void deniedPreparedStatementIsRefused() throws Exception {
    rig().execute("INSERT INTO ITEM VALUES (1, 'a')");
    rig().deny("DELETE");
    try (Connection connection = rig().pool().connection();
        PreparedStatement delete = connection.prepareStatement("DELETE FROM ITEM")) {
      DatabaseCases.refuses(SQLNonTransientException.class, delete::executeUpdate);
    }
    assertThat(rig().rows()).isEqualTo(1);
  }

  @Test
  default void statementPreparedBeforeTheAgentCameIsRefused() throws Exception {
    rig().execute("INSERT INTO ITEM VALUES (1, 'a')");
    rig().deny("DELETE");
    rig().preparedBefore().setString(1, "a");
    DatabaseCases.refuses(SQLNonTransientException.class, rig().preparedBefore()::executeUpdate);
    assertThat(rig().rows()).isEqualTo(1);
    rig().mesh().apply(List.of());
    assertThat(rig().preparedBefore().executeUpdate()).isEqualTo(1);
  }

  @Test
  default void deniedStatementInABatchRefusesAllOfIt() throws Exception {
    rig().deny("DELETE");
    try (Connection connection = rig().pool().connection();
        Statement statement = connection.createStatement()) {
      statement.addBatch("INSERT INTO ITEM VALUES (1, 'a')");
      statement.addBatch("DELETE FROM ITEM");
      DatabaseCases.refuses(SQLNonTransientException.class, statement::executeBatch);
    }
    assertThat(rig().rows()).isZero();
  }

  @Test
  default void refusedBatchIsNotForgotten() throws Exception {
    rig().deny("DELETE");
    try (Connection connection = rig().pool().connection();
        Statement statement = connection.createStatement()) {
      statement.addBatch("DELETE FROM ITEM");
      DatabaseCases.refuses(SQLNonTransientException.class, statement::executeBatch);
      DatabaseCases.refuses(SQLNonTransientException.class, statement::executeBatch);
      statement.clearBatch();
      statement.addBatch("INSERT INTO ITEM VALUES (1, 'a')");
      assertThat(statement.executeBatch()).containsExactly(1);
    }
  }

  @Test
  default void readOnlyGuardLetsQueriesThrough() throws Exception {
    rig().mesh().govern(p -> p.statements(DatabaseCases.readOnly()));
    rig().execute("SELECT COUNT(*) FROM ITEM");
    DatabaseCases.refuses(
        SQLNonTransientException.class, () -> rig().execute("INSERT INTO ITEM VALUES (1, 'a')"));
    DatabaseCases.refuses(
        SQLNonTransientException.class,
        () -> rig().execute("/* SELECT */ UPDATE ITEM SET NAME = 'b'"));
    assertThat(rig().rows()).isZero();
  }

  @Test
  default void refusalLeavesTheTransactionAsItIs() throws Exception {
    try (Connection connection = rig().pool().connection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT INTO ITEM VALUES (1, 'a')");
        rig().deny("DELETE");
        DatabaseCases.refuses(
            SQLNonTransientException.class, () -> statement.executeUpdate("DELETE FROM ITEM"));
        statement.executeUpdate("INSERT INTO ITEM VALUES (2, 'b')");
      }
      connection.commit();
      connection.setAutoCommit(true);
    }
    assertThat(rig().rows()).isEqualTo(2);
  }

  @Test
  default void rollbackTakesBackWhatWasAllowed() throws Exception {
    rig().mesh().govern(p -> p);
    try (Connection connection = rig().pool().connection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT INTO ITEM VALUES (1, 'a')");
      }
      connection.rollback();
      connection.setAutoCommit(true);
    }
    assertThat(rig().rows()).isZero();
  }

  @Test
  default void refusalsEvictNoConnection() throws Exception {
    rig().mesh().govern(p -> p.statements(DatabaseCases.readOnly()));
    try (PoolUnderTest fresh = rig().newPool(rig().database().url(), 1)) {
      fresh.connection().close();
      rig().mesh().forget();
      for (int i = 0; i < 5; i++) {
        try (Connection connection = fresh.connection();
            Statement statement = connection.createStatement()) {
          DatabaseCases.refuses(
              SQLNonTransientException.class,
              () -> statement.execute("INSERT INTO ITEM VALUES (1, 'a')"));
          statement.execute("SELECT 1");
        }
      }
      assertThat(rig().mesh().seen(Operation.CONNECT)).hasSize(fresh.keeps() ? 0 : 5);
    }
  }

  @Test
  default void policyComesAndGoesOnOpenConnections() throws Exception {
    try (Connection connection = rig().pool().connection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
      rig().mesh().govern(p -> p.statements(DatabaseCases.readOnly()));
      DatabaseCases.refuses(
          SQLNonTransientException.class,
          () -> statement.execute("INSERT INTO ITEM VALUES (2, 'a')"));
      rig().mesh().apply(List.of());
      statement.execute("INSERT INTO ITEM VALUES (3, 'a')");
    }
    assertThat(rig().rows()).isEqualTo(2);
  }

  @Test
  default void failureOfTheDatabaseIsTheDriversOwn() throws Exception {
    SQLException without =
        catchThrowableOfType(SQLException.class, () -> rig().execute("SELECT * FROM X"));
    rig().mesh().govern(p -> p);
    SQLException with =
        catchThrowableOfType(SQLException.class, () -> rig().execute("SELECT * FROM X"));
    assertThat(with.getClass()).isEqualTo(without.getClass());
    assertThat(with.getSQLState()).isEqualTo(without.getSQLState());
    assertThat(rig().mesh().seen(Operation.STATEMENT))
        .singleElement()
        .satisfies(s -> assertThat(s.outcome()).isEqualTo("failed"));
  }

  @Test
  default void closedStatementFailsAsItDoes() throws Exception {
    rig().mesh().govern(p -> p);
    try (Connection connection = rig().direct(rig().database().url())) {
      Statement statement = connection.createStatement();
      statement.close();
      assertThatThrownBy(() -> statement.execute("INSERT INTO ITEM VALUES (1, 'a')"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(rig().rows()).isZero();
  }
}
