package dev.weft.instrumentation.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.instrumentation.testing.database.PoolUnderTest;
import dev.weft.instrumentation.testing.database.PostgresServer;
import dev.weft.instrumentation.testing.database.ServerUnderTest;
import dev.weft.instrumentation.testing.database.TlsFiles;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/** The newest driver of PostgreSQL, and a server that says whose certificate it saw. */
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class PostgresNativeTlsTest extends NativeTlsContract {
  private PostgresServer server;

  @Override
  ServerUnderTest server(TestAuthority authority) throws Exception {
    String missing = PostgresServer.missing();
    Assumptions.assumeTrue(missing == null, missing);
    server = PostgresServer.secured(TlsFiles.of(authority, "db"));
    return server;
  }

  @Override
  Connection open(String url, Properties info) throws Exception {
    return DriverManager.getConnection(url, info);
  }

  @Override
  String secured() {
    return "SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
  }

  @Override
  String without() {
    return "?sslmode=disable&sslfactory=org.postgresql.ssl.NonValidatingFactory&loginTimeout=30";
  }

  @Test
  void newConnectionsShowTheNewSvid() throws Exception {
    try (Connection before = connect()) {
      mesh().enrol("successor");
      try (Connection after = connect()) {
        assertThat(ask(before, secured())).isEqualTo("/CN=caller");
        assertThat(ask(after, secured())).isEqualTo("/CN=successor");
      }
    }
  }

  @Test
  void theServerOfTheClassPathIsTheOneThatRuns() throws Exception {
    Assumptions.assumeTrue(PostgresServer.isBundled(), "no bundled PostgreSQL can be run here");
    try (Connection connection = connect()) {
      assertThat(ask(connection, "SHOW server_version")).startsWith("16.6");
    }
  }

  @Test
  void connectionsOfAPoolAreSecuredTheSame() throws Exception {
    try (PoolUnderTest pool =
            Pools.hikari(server.url("db.invalid", 1), server.user(), server.password(), 1);
        Connection connection = pool.connection()) {
      assertThat(ask(connection, secured())).isEqualTo("/CN=caller");
    } finally {
      DriverManager.setLoginTimeout(0);
    }
  }
}
