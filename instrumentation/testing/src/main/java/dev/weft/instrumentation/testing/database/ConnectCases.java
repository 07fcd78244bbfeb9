package dev.weft.instrumentation.testing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.dataplane.database.DatabaseExchange.Operation;
import dev.weft.policy.snapshot.DatabaseConnections;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseRedirect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Where connections go, how often that is tried, and by whose properties. */
interface ConnectCases extends DatabaseCases {
  private static UnaryOperator<DatabasePolicy.Builder> redirect(DatabaseHost... hosts) {
    return p -> p.redirect(DatabaseRedirect.builder().hosts(Arrays.asList(hosts)).build());
  }

  private static DatabaseHost host(int port) {
    return DatabaseHost.builder().address("127.0.0.1").port(port).build();
  }

  @Test
  default void redirectNeedsNoNameOfTheOldHost() throws Exception {
    rig().mesh().govern(redirect(host(rig().database().port())));
    try (PoolUnderTest fresh = rig().newPool(rig().database().url("db.invalid", 1), 1);
        Connection connection = fresh.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
    }
    assertThat(rig().rows()).isEqualTo(1);
  }

  @Test
  default void deadHostOfAReplicaSetIsPassedOver() throws Exception {
    DatabaseConnections retrying =
        DatabaseConnections.builder().retries(3).backoffMillis(1).build();
    int closed = rig().refusing().port();
    rig()
        .mesh()
        .govern(
            p ->
                redirect(host(closed), host(rig().database().port()))
                    .apply(p)
                    .connections(retrying));
    for (int i = 0; i < 6; i++) {
      rig().direct(rig().database().url("db.invalid", 1)).close();
    }
    assertThat(rig().mesh().seen(Operation.CONNECT)).hasSize(6);
  }

  @Test
  default void connectIsRetriedAndThenFailsAsTheDriverDoes() throws Exception {
    String url = rig().database().url("127.0.0.1", rig().refusing().port());
    SQLException without = catchThrowableOfType(SQLException.class, () -> rig().direct(url));
    rig()
        .mesh()
        .govern(
            p -> p.connections(DatabaseConnections.builder().retries(2).backoffMillis(1).build()));
    SQLException with = catchThrowableOfType(SQLException.class, () -> rig().direct(url));
    assertThat(with.getClass()).isEqualTo(without.getClass());
    assertThat(with.getSQLState()).isEqualTo(without.getSQLState());
    assertThat(rig().mesh().seen(Operation.CONNECT))
        .singleElement()
        .satisfies(s -> assertThat(s.attempts()).isEqualTo(3));
  }

  @Test
  default void propertiesOfTheCallerStay() throws Exception {
    rig()
        .mesh()
        .govern(
            p ->
                redirect(host(rig().database().port()))
                    .apply(p)
                    .connections(DatabaseConnections.builder().timeoutMillis(5_000).build()));
    Properties info = rig().login();
    Properties before = (Properties) info.clone();
    rig().open(rig().database().url("db.invalid", 1), info).close();
    assertThat(info).isEqualTo(before);
  }
}
