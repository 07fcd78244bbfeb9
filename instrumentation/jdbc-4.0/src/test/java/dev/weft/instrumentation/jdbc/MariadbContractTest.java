package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.database.DatabaseUnderTest;
import dev.weft.instrumentation.testing.database.PoolUnderTest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.DisabledIf;

/** The newest driver of MariaDB on a real server, which is killed with -9 where one ends. */
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class MariadbContractTest {
  private abstract static class MariadbContract extends JdbcContract {
    @Override
    protected DatabaseUnderTest newDatabase() throws Exception {
      String missing = MariadbServer.missing();
      Assumptions.assumeTrue(missing == null, missing);
      return MariadbServer.start("jdbc:mariadb://%s/shop");
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class WithoutPool extends MariadbContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::driverManager;
    }
  }

  @Nested
  class HikariCP extends MariadbContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::hikari;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class Dbcp2 extends MariadbContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::dbcp2;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class C3p0 extends MariadbContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::c3p0;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class TomcatJdbc extends MariadbContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::tomcat;
    }
  }
}
