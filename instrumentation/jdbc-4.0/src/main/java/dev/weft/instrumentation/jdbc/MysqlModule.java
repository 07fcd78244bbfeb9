package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.List;

/** MySQL Connector/J from 5.1: what is woven, and where. */
public final class MysqlModule extends InstrumentationModule {
  private static final String FIVE = "com.mysql.jdbc.";
  private static final String EIGHT = "com.mysql.cj.jdbc.";

  /** For the service loader. */
  public MysqlModule() {
    super(
        "jdbc-mysql-5.1",
        Role.ENFORCING,
        Library.named("MySQL Connector/J")
            .versionFrom("META-INF/maven/com.mysql/mysql-connector-j/pom.properties", "version")
            .versionFrom("META-INF/maven/mysql/mysql-connector-java/pom.properties", "version")
            .requires("com.mysql.jdbc.Driver")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return JdbcWeaving.withTls(
        Dialect.MYSQL,
        JdbcWeaving.drivers(EIGHT + "NonRegisteringDriver", FIVE + "NonRegisteringDriver"),
        JdbcWeaving.statements(
            EIGHT + "StatementImpl",
            EIGHT + "PreparedStatement",
            EIGHT + "ClientPreparedStatement",
            EIGHT + "ServerPreparedStatement",
            EIGHT + "CallableStatement",
            FIVE + "StatementImpl",
            FIVE + "PreparedStatement",
            FIVE + "ServerPreparedStatement",
            FIVE + "CallableStatement"),
        JdbcWeaving.canceller(FIVE + "StatementImpl$CancelTask$1"),
        JdbcWeaving.connections(EIGHT + "ConnectionImpl", FIVE + "ConnectionImpl"));
  }
}
