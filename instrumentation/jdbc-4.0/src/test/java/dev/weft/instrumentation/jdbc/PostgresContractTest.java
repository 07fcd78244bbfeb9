package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.database.DatabaseUnderTest;
import dev.weft.instrumentation.testing.database.PoolUnderTest;
import dev.weft.instrumentation.testing.database.PostgresServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.DisabledIf;

/** A real PostgreSQL, which is killed with -9 where the contract ends a database. */
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class PostgresContractTest {
  private abstract static class PostgresContract extends JdbcContract {
    @Override
    protected DatabaseUnderTest newDatabase() throws Exception {
      String missing = PostgresServer.missing();
      Assumptions.assumeTrue(missing == null, missing);
      return PostgresServer.start();
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class WithoutPool extends PostgresContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::driverManager;
    }
  }

  @Nested
  class HikariCP extends PostgresContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::hikari;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class Dbcp2 extends PostgresContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::dbcp2;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class C3p0 extends PostgresContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::c3p0;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class TomcatJdbc extends PostgresContract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::tomcat;
    }
  }
}
