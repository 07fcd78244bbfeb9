package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** The SQL Server driver, as far as it goes without a server: what is woven, and where. */
public final class SqlServerModule extends InstrumentationModule {
  private static final String OWN = "com.microsoft.sqlserver.jdbc.SQLServer";

  /** For the service loader. */
  public SqlServerModule() {
    super(
        "jdbc-sqlserver-6",
        Role.ENFORCING,
        Library.named("Microsoft JDBC Driver for SQL Server")
            .versionFrom(
                "META-INF/maven/com.microsoft.sqlserver/mssql-jdbc/pom.properties", "version")
            .requires("com.microsoft.sqlserver.jdbc.SQLServerDriver", "connect")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        JdbcWeaving.drivers(OWN + "Driver"),
        JdbcWeaving.dataSources(OWN + "DataSource"),
        JdbcWeaving.statements(
            OWN + "Statement", OWN + "PreparedStatement", OWN + "CallableStatement"),
        JdbcWeaving.connections(OWN + "Connection"));
  }
}
