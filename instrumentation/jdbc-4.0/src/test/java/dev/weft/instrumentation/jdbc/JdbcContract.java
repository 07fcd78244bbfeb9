package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.database.DatabaseContract;
import java.util.List;

/** The contract with all drivers of this unit woven. */
abstract class JdbcContract extends DatabaseContract {
  private static final String PACKAGE = "dev.weft.instrumentation.jdbc.";

  static List<InstrumentationModule> all() {
    return List.of(
        new PostgresqlModule(),
        new MysqlModule(),
        new MariadbModule(),
        new H2Module(),
        new OracleModule(),
        new SqlServerModule());
  }

  @Override
  protected List<InstrumentationModule> modules() {
    return all();
  }

  @Override
  protected List<String> enforcingHooks() {
    return List.of(PACKAGE + "ConnectHook", PACKAGE + "StatementHook");
  }

  @Override
  protected List<String> observingHooks() {
    return List.of(PACKAGE + "PrepareHook", PACKAGE + "BatchHook", PACKAGE + "CloseHook");
  }
}
