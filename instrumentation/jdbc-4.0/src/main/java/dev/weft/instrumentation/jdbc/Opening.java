package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.CallDepth;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.database.ConnectAttempt;
import dev.weft.dataplane.database.ConnectCall;
import dev.weft.dataplane.database.DatabaseAddress;
import dev.weft.dataplane.database.DatabaseDriver;
import dev.weft.dataplane.database.DatabaseFailure;
import dev.weft.dataplane.database.DatabaseRejection;
import dev.weft.dataplane.database.DatabaseSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One connect of the application, which may take several attempts. Used by one thread. */
final class Opening implements ConnectCall<Opening.Opened> {
  private final boolean readOnly;
  private final Plan plan;
  private @Nullable Throwable own;

  private Opening(boolean readOnly, Plan plan) {
    this.readOnly = readOnly;
    this.plan = plan;
  }

  /** How one attempt is made. */
  interface Plan {
    /** The driver's connection, null when it does not take the URL. */
    @Nullable Connection connect(ConnectAttempt attempt) throws SQLException;
  }

  /** Answer of a driver, which may be none. */
  static final class Opened {
    final @Nullable Connection connection;

    Opened(@Nullable Connection connection) {
      this.connection = connection;
    }
  }

  /** Opens a connection under the policy for the database; answers as hooks of connects do. */
  static Object drive(HookContext context, DatabaseAddress address, boolean readOnly, Plan plan) {
    DatabaseDriver databases = context.dataPlane().databases();
    DatabaseSession session = databases.session(address);
    if (!session.isGoverned()) {
      return Permit.GRANTED;
    }
    Opening opening = new Opening(readOnly, plan);
    try {
      Connection connection = databases.connect(session, opening).connection;
      if (connection == null) {
        session.close();
      } else {
        Sessions.opened(connection, session);
      }
      return Outcome.returned(connection);
    } catch (SQLException failed) {
      return Outcome.failed(failed);
    } catch (Throwable failed) {
      if (failed == opening.own) {
        return Outcome.failed(failed);
      }
      throw new IllegalStateException("a connect cannot be decided", failed);
    }
  }

  /** Whether the application asks for a connection that only reads. */
  static boolean readOnly(Dialect dialect, String url, Properties info) {
    String value = JdbcUrl.parameter(url, "readOnly", dialect.mark);
    String asked = value != null ? value : info.getProperty("readOnly");
    String server = JdbcUrl.parameter(url, "targetServerType", dialect.mark);
    String type = server != null ? server : info.getProperty("targetServerType", "");
    String intent = JdbcUrl.parameter(url, "applicationIntent", dialect.mark);
    String lower = type.toLowerCase(Locale.ROOT);
    return "true".equalsIgnoreCase(asked)
        || lower.contains("secondary")
        || lower.contains("slave")
        || "ReadOnly".equalsIgnoreCase(intent);
  }

  @Override
  public Opened connect(ConnectAttempt attempt) throws Exception {
    CallDepth.enter(Sessions.INSIDE);
    try {
      return new Opened(plan.connect(attempt));
    } catch (RuntimeException | Error unexpected) {
      own = unexpected;
      throw unexpected;
    } finally {
      CallDepth.leave(Sessions.INSIDE);
    }
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public DatabaseFailure sign(Throwable failure) {
    return Refusals.CONNECT.sign(failure);
  }

  @Override
  public Exception refused(DatabaseRejection rejection) {
    return Refusals.CONNECT.refused(rejection);
  }
}
