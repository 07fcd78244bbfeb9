package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** The H2 database from 1.3, in the process or on a server: what is woven, and where. */
public final class H2Module extends InstrumentationModule {
  private static final String OWN = "org.h2.jdbc.Jdbc";

  /** For the service loader. */
  public H2Module() {
    super(
        "jdbc-h2-1.3",
        Role.ENFORCING,
        Library.named("H2 Database")
            .versionFrom("META-INF/maven/com.h2database/h2/pom.properties", "version")
            .versionFromConstant("org.h2.engine.Constants", "VERSION")
            .requires("org.h2.Driver", "connect")
            .requires("org.h2.jdbc.JdbcStatement", "execute")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        JdbcWeaving.drivers("org.h2.Driver"),
        JdbcWeaving.dataSources("org.h2.jdbcx.JdbcDataSource"),
        JdbcWeaving.statements(
            OWN + "Statement", OWN + "PreparedStatement", OWN + "CallableStatement"),
        JdbcWeaving.connections(OWN + "Connection"));
  }
}
