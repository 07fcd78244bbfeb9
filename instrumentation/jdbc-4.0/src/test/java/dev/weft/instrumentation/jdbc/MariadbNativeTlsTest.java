package dev.weft.instrumentation.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.instrumentation.testing.database.ServerUnderTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/** Drivers that speak to a MariaDB whose user must show a certificate. */
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class MariadbNativeTlsTest {
  private abstract static class MariadbNativeTls extends NativeTlsContract {
    private final DriverJar driver;
    private final String urls;
    private final String without;

    MariadbNativeTls(DriverJar driver, String urls, String without) {
      this.driver = driver;
      this.urls = urls;
      this.without = without;
    }

    @Override
    ServerUnderTest server(TestAuthority authority) throws Exception {
      String missing = MariadbServer.missing();
      Assumptions.assumeTrue(missing == null, missing);
      return MariadbServer.secured(urls, authority);
    }

    @Override
    Connection open(String url, Properties info) throws Exception {
      return driver.open(url, info);
    }

    @Override
    String secured() {
      return "SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS"
          + " WHERE VARIABLE_NAME = 'SSL_CIPHER'";
    }

    @Override
    String without() {
      return without;
    }

    @Override
    boolean cancels() {
      return false;
    }
  }

  /** Keeps the time of a statement by cancelling it; in MariaDB's drivers the server keeps it. */
  private abstract static class MysqlNativeTls extends MariadbNativeTls {
    MysqlNativeTls(DriverJar driver, String without) {
      super(driver, "jdbc:mysql://%s/shop", without);
    }

    @Override
    boolean endsInTime() {
      return false;
    }
  }

  @Nested
  class Newest extends MariadbNativeTls {
    Newest() throws Exception {
      super(DriverJar.newestMariadb(), "jdbc:mariadb://%s/shop", "?sslMode=disable");
    }

    /** From 3.4 on it goes on until the server has proved that it knows the password. */
    @Override
    String refusalOfItsCancel() {
      return "Access denied";
    }

    @Test
    void anApplicationsOwnPluginForTlsIsRefused() throws Exception {
      OwnTlsPlugin.shown = mesh().authority().keyManagers("caller");
      try {
        assertThatThrownBy(() -> connect("?tlsSocketType=OWN"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("without the TLS that it was told to use");
      } finally {
        OwnTlsPlugin.shown = null;
      }
    }
  }

  @Nested
  class Two extends MariadbNativeTls {
    Two() throws Exception {
      super(
          DriverJar.named("mariadb-java-client-2.7.12"), "jdbc:mariadb://%s/shop", "?useSsl=false");
    }
  }

  @Nested
  class Mysql extends MysqlNativeTls {
    Mysql() throws Exception {
      super(DriverJar.named("mysql-connector-j-9.5.0"), "?sslMode=DISABLED");
    }
  }

  @Nested
  class MysqlEight extends MysqlNativeTls {
    MysqlEight() throws Exception {
      super(DriverJar.named("mysql-connector-j-8.0.33"), "?sslMode=DISABLED");
    }
  }

  @Nested
  class MysqlFive extends MysqlNativeTls {
    MysqlFive() throws Exception {
      super(DriverJar.named("mysql-connector-java-5.1.49"), "?useSSL=false");
    }
  }
}
