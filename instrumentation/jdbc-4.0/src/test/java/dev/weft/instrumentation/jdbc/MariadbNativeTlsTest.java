package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.TestAuthority;
import java.sql.Connection;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
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
  }

  @Nested
  class Newest extends MariadbNativeTls {
    Newest() throws Exception {
      super(DriverJar.newestMariadb(), "jdbc:mariadb://%s/shop", "?sslMode=disable");
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
  class Mysql extends MariadbNativeTls {
    Mysql() throws Exception {
      super(
          DriverJar.named("mysql-connector-j-9.5.0"), "jdbc:mysql://%s/shop", "?sslMode=DISABLED");
    }
  }

  @Nested
  class MysqlEight extends MariadbNativeTls {
    MysqlEight() throws Exception {
      super(
          DriverJar.named("mysql-connector-j-8.0.33"), "jdbc:mysql://%s/shop", "?sslMode=DISABLED");
    }
  }

  @Nested
  class MysqlFive extends MariadbNativeTls {
    MysqlFive() throws Exception {
      super(
          DriverJar.named("mysql-connector-java-5.1.49"), "jdbc:mysql://%s/shop", "?useSSL=false");
    }
  }
}
