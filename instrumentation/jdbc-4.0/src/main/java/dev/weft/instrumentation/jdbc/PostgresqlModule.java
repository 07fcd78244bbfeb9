package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.List;

/** The PostgreSQL driver from 8.4: what is woven, and where. */
public final class PostgresqlModule extends InstrumentationModule {
  private static final String OWN = "org.postgresql.";

  /** For the service loader. */
  public PostgresqlModule() {
    super(
        "jdbc-postgresql-8.4",
        Role.ENFORCING,
        Library.named("PostgreSQL JDBC driver")
            .versionFrom("META-INF/maven/org.postgresql/postgresql/pom.properties", "version")
            .versionFromConstant("org.postgresql.util.DriverInfo", "DRIVER_VERSION")
            .requires("org.postgresql.Driver", "connect")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return JdbcWeaving.withTls(
        Dialect.POSTGRESQL,
        JdbcWeaving.drivers(OWN + "Driver"),
        JdbcWeaving.statements(
            OWN + "jdbc.PgStatement",
            OWN + "jdbc.PgPreparedStatement",
            OWN + "jdbc.PgCallableStatement",
            OWN + "jdbc2.AbstractJdbc2Statement",
            OWN + "jdbc3.AbstractJdbc3Statement"),
        JdbcWeaving.connections(
            OWN + "jdbc.PgConnection",
            OWN + "jdbc2.AbstractJdbc2Connection",
            OWN + "jdbc3.AbstractJdbc3Connection",
            OWN + "jdbc3.Jdbc3Connection",
            OWN + "jdbc3g.Jdbc3gConnection",
            OWN + "jdbc4.Jdbc4Connection",
            OWN + "jdbc4.AbstractJdbc4Connection"));
  }
}
