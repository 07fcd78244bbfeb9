package dev.weft.instrumentation.jdbc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.CallDepth;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.database.ConnectAttempt;
import dev.weft.dataplane.database.DatabaseAddress;
import dev.weft.policy.snapshot.DatabaseTls;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Collections;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Hands the connect of a data source that bypasses its driver to the mesh. What it is configured
 * for beyond its URL is its own affair, so it connects as it is or not at all.
 */
public final class DataSourceHook extends MeshHook {
  /** For the hook loader. */
  public DataSourceHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object user, @Nullable Object word, @Nullable Object none) {
    if (context().dataPlane().databases().isIdle() || CallDepth.depth(Sessions.INSIDE) > 0) {
      return Permit.GRANTED;
    }
    DataSource source = (DataSource) requireNonNull(self);
    Dialect dialect = requireNonNull(Dialect.of(source.getClass()));
    return Opening.drive(
        context(),
        address(dialect, source),
        false,
        attempt -> {
          requireUnchanged(attempt);
          return user == null
              ? source.getConnection()
              : source.getConnection((String) user, (String) word);
        });
  }

  private static void requireUnchanged(ConnectAttempt attempt) throws SQLException {
    if (attempt.redirected() || attempt.security() != DatabaseTls.NONE) {
      throw new SQLNonTransientConnectionException(
          "refused by the service mesh: this data source goes past its driver, so it cannot be"
              + " redirected or secured; use the driver's URL",
          "08001");
    }
  }

  private static DatabaseAddress address(Dialect dialect, DataSource source) {
    Object url = property(source, "getURL");
    if (url == null) {
      url = property(source, "getUrl");
    }
    if (url instanceof String && dialect.takes((String) url) && dialect != Dialect.SQL_SERVER) {
      return JdbcUrl.of(dialect, (String) url).address(new Properties());
    }
    Object host = property(source, "getServerName");
    Object port = property(source, "getPortNumber");
    Object name = property(source, "getDatabaseName");
    String at = host == null ? "localhost" : host.toString();
    int number = port instanceof Integer ? (Integer) port : dialect.port;
    String text = "jdbc:sqlserver://" + at + ":" + number;
    return DatabaseAddress.of(
        dialect.system,
        dialect == Dialect.SQL_SERVER ? text : String.valueOf(url),
        Collections.singletonList(at),
        Collections.singletonList(number),
        name == null ? "" : name.toString());
  }

  private static @Nullable Object property(DataSource source, String getter) {
    try {
      return source.getClass().getMethod(getter).invoke(source);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
