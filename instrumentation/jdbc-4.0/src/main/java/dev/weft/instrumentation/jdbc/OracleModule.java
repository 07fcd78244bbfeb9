package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** The Oracle driver, as far as it goes without a server: what is woven, and where. */
public final class OracleModule extends InstrumentationModule {
  private static final String OWN = "oracle.jdbc.driver.";

  /** For the service loader. */
  public OracleModule() {
    super(
        "jdbc-oracle-11",
        Role.ENFORCING,
        Library.named("Oracle JDBC")
            .versionFrom("META-INF/maven/com.oracle.database.jdbc/ojdbc8/pom.properties", "version")
            .versionFrom(
                "META-INF/maven/com.oracle.database.jdbc/ojdbc11/pom.properties", "version")
            .versionFrom(
                "META-INF/maven/com.oracle.database.jdbc/ojdbc17/pom.properties", "version")
            .requires("oracle.jdbc.driver.OracleDriver", "connect")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        JdbcWeaving.drivers(OWN + "OracleDriver"),
        JdbcWeaving.statements(
            OWN + "OracleStatement",
            OWN + "OraclePreparedStatement",
            OWN + "OracleCallableStatement",
            OWN + "OracleStatementWrapper",
            OWN + "OraclePreparedStatementWrapper",
            OWN + "OracleCallableStatementWrapper"),
        JdbcWeaving.connections(OWN + "PhysicalConnection"));
  }
}
