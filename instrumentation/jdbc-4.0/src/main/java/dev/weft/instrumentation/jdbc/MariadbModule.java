package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.List;

/** MariaDB Connector/J from 1.1: what is woven, and where. */
public final class MariadbModule extends InstrumentationModule {
  private static final String OWN = "org.mariadb.jdbc.";

  /** For the service loader. */
  public MariadbModule() {
    super(
        "jdbc-mariadb-1.1",
        Role.ENFORCING,
        Library.named("MariaDB Connector/J")
            .versionFrom(
                "META-INF/maven/org.mariadb.jdbc/mariadb-java-client/pom.properties", "version")
            .requires("org.mariadb.jdbc.Driver", "connect")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return JdbcWeaving.withTls(
        Dialect.MARIADB,
        JdbcWeaving.driver(OWN + "Driver", OWN + "Connection"),
        JdbcWeaving.drivers(OWN + "NonRegisteringDriver"),
        JdbcWeaving.statements(
            OWN + "Statement",
            OWN + "BasePreparedStatement",
            OWN + "ClientPreparedStatement",
            OWN + "ServerPreparedStatement",
            OWN + "BaseCallableStatement",
            OWN + "ProcedureStatement",
            OWN + "FunctionStatement",
            OWN + "MariaDbStatement",
            OWN + "BasePrepareStatement",
            OWN + "ClientSidePreparedStatement",
            OWN + "ServerSidePreparedStatement",
            OWN + "CallableProcedureStatement",
            OWN + "CallableFunctionStatement",
            OWN + "MariaDbProcedureStatement",
            OWN + "MariaDbFunctionStatement",
            OWN + "MySQLStatement",
            OWN + "MySQLPreparedStatement",
            OWN + "MySQLServerSidePreparedStatement",
            OWN + "MySQLCallableStatement"),
        JdbcWeaving.connections(
            OWN + "Connection", OWN + "MariaDbConnection", OWN + "MySQLConnection"));
  }
}
