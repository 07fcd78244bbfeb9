package dev.weft.instrumentation.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.DisabledIf;

/** Drivers of MySQL, as far as they go with a MariaDB. */
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class MysqlContractTest {
  @Nested
  class Newest extends DriverJarContract {
    Newest() throws Exception {
      super("mysql-connector-j-9.5.0", "jdbc:mysql://%s/shop?useSSL=false");
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class Eight extends DriverJarContract {
    Eight() throws Exception {
      super("mysql-connector-j-8.0.33", "jdbc:mysql://%s/shop?useSSL=false");
    }
  }

  @Nested
  class Five extends DriverJarContract {
    Five() throws Exception {
      super("mysql-connector-java-5.1.49", "jdbc:mysql://%s/shop?useSSL=false");
    }
  }
}
