package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.database.DatabaseUnderTest;
import dev.weft.instrumentation.testing.database.PoolUnderTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;

/** The contract with a driver that is not on the class path, on a real MariaDB. */
abstract class DriverJarContract extends JdbcContract {
  private final DriverJar driver;
  private final String urls;

  /** With one of the jars put aside, and URLs as {@link MariadbServer} has them. */
  DriverJarContract(String jar, String urls) throws Exception {
    this.urls = urls;
    this.driver = DriverJar.named(jar);
  }

  @Override
  protected DatabaseUnderTest newDatabase() throws Exception {
    String missing = MariadbServer.missing();
    Assumptions.assumeTrue(missing == null, missing);
    return MariadbServer.start(urls);
  }

  @Override
  protected PoolUnderTest.Maker pools() {
    return driver::asPool;
  }

  @Override
  protected Connection open(String url, Properties info) throws SQLException {
    return driver.open(url, info);
  }
}
