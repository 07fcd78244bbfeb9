package dev.weft.instrumentation.testing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.policy.snapshot.DatabaseBreaker;
import dev.weft.policy.snapshot.DatabaseConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Circuit breakers, and servers that are killed in the middle of something. */
interface BreakerCases extends DatabaseCases {
  private static DatabaseBreaker breaker() {
    return DatabaseBreaker.builder()
        .window(2)
        .failurePercent(100)
        .openMillis(300)
        .probes(1)
        .build();
  }

  @Test
  default void breakerOpensAndSaysSoNatively() throws Exception {
    String url = rig().database().url("127.0.0.1", rig().refusing().port());
    rig().mesh().govern(p -> p.breaker(breaker().toBuilder().openMillis(3_600_000).build()));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> rig().direct(url)).isInstanceOf(SQLException.class);
    }
    assertThatThrownBy(() -> rig().direct(url))
        .isInstanceOf(SQLTransientConnectionException.class)
        .hasMessageContaining("circuit breaker");
    // Another database is another breaker.
    rig().direct(rig().database().url()).close();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  default void breakerClosesWhenTheDatabaseIsBack() throws Exception {
    try (PoolUnderTest fresh = rig().newPool(rig().database().url(), 1)) {
      rig().mesh().govern(p -> p.breaker(breaker()));
      fresh.connection().close();
      rig().database().kill();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> rig().direct(rig().database().url()))
                      .isInstanceOf(SQLTransientConnectionException.class)
                      .hasMessageContaining("circuit breaker"));
      rig().database().restart();
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
      rig().renew();
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  default void killedInATransactionNothingIsRepeated() throws Exception {
    try {
      rig()
          .mesh()
          .govern(
              p ->
                  p.connections(DatabaseConnections.builder().retries(5).backoffMillis(1).build()));
      Connection connection = rig().direct(rig().database().url());
      Statement statement = connection.createStatement();
      statement.execute("INSERT INTO ITEM VALUES (1, 'committed')");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO ITEM VALUES (2, 'lost')");
      rig().mesh().forget();
      rig().database().kill();
      assertThatThrownBy(() -> statement.execute("INSERT INTO ITEM VALUES (3, 'never')"))
          .isInstanceOf(SQLException.class);
      assertThat(rig().mesh().seen()).hasSize(1);
      rig().database().restart();
      assertThatThrownBy(
              () -> {
                statement.execute("INSERT INTO ITEM VALUES (4, 'half')");
                connection.commit();
              })
          .isInstanceOf(SQLException.class);
      assertThat(rig().rows()).isEqualTo(1);
    } finally {
      rig().renew();
    }
  }
}
