package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.database.DatabaseUnderTest;
import dev.weft.instrumentation.testing.database.PoolUnderTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.DisabledIf;

/** H2 on a port, below each pool. */
class H2ContractTest {
  /** The oldest is for H2 alone, and without a pool: those are the same above every version. */
  static boolean oldest() {
    return System.getProperty("weft.test.h2", "").startsWith("1");
  }

  /** What differs least from the rest is left to the full build. */
  static boolean onlyInFull() {
    return !Boolean.getBoolean("weft.full");
  }

  private abstract static class H2Contract extends JdbcContract {
    @Override
    protected DatabaseUnderTest newDatabase() throws Exception {
      return new H2Server();
    }
  }

  /** Not above the newest, unless in full: HikariCP is there. */
  static boolean newest() {
    return !oldest() && onlyInFull();
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#newest")
  class WithoutPool extends H2Contract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::driverManager;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
  class HikariCP extends H2Contract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::hikari;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class Dbcp2 extends H2Contract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::dbcp2;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class C3p0 extends H2Contract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::c3p0;
    }
  }

  @Nested
  @DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#onlyInFull")
  class TomcatJdbc extends H2Contract {
    @Override
    protected PoolUnderTest.Maker pools() {
      return Pools::tomcat;
    }
  }
}
