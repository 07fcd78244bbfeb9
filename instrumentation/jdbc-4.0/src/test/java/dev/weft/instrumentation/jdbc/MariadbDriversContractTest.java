package dev.weft.instrumentation.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.DisabledIf;

/** Older drivers of MariaDB. */
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class MariadbDriversContractTest {
  @Nested
  class Two extends DriverJarContract {
    Two() throws Exception {
      super("mariadb-java-client-2.7.12", "jdbc:mariadb://%s/shop");
    }
  }

  @Nested
  class One extends DriverJarContract {
    One() throws Exception {
      super("mariadb-java-client-1.1.7", "jdbc:mariadb://%s/shop");
    }
  }
}
