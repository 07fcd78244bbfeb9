package dev.weft.instrumentation.jdbc;

import dev.weft.dataplane.database.DatabaseCall;
import dev.weft.dataplane.database.DatabaseFailure;
import dev.weft.dataplane.database.DatabaseRejection;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Between the exceptions of {@code java.sql} and what the data plane says. Stateless. */
final class Refusals implements DatabaseCall {
  /** Of statements. */
  static final Refusals STATEMENT = new Refusals(true);

  /** Of connects. */
  static final Refusals CONNECT = new Refusals(false);

  private final boolean statement;

  private Refusals(boolean statement) {
    this.statement = statement;
  }

  @Override
  public DatabaseFailure sign(Throwable failure) {
    if (failure instanceof SQLException) {
      SQLException sql = (SQLException) failure;
      return DatabaseFailure.of(hint(failure), sql.getSQLState(), sql.getErrorCode());
    }
    return DatabaseFailure.of(hint(failure), null, 0);
  }

  private static DatabaseFailure.@Nullable Kind hint(Throwable failure) {
    if (failure instanceof SQLTimeoutException) {
      return DatabaseFailure.Kind.TIMEOUT;
    }
    boolean connection =
        failure instanceof SQLTransientConnectionException
            || failure instanceof SQLNonTransientConnectionException
            || failure instanceof SQLRecoverableException
            || failure instanceof IOException
            || failure.getCause() instanceof IOException;
    return connection ? DatabaseFailure.Kind.CONNECTION : null;
  }

  @Override
  public SQLException refused(DatabaseRejection rejection) {
    String message = rejection.message();
    String state = rejection.sqlState();
    switch (rejection.kind()) {
      case TRANSIENT_CONNECTION:
        return new SQLTransientConnectionException(message, state);
      case TIMEOUT:
        // HikariCP throws a connection away on SQLTimeoutException, and this one is fine.
        return statement
            ? new SQLTransientException(message, state)
            : new SQLTimeoutException(message, state);
      case INSECURE:
        return new SQLNonTransientConnectionException(message, state);
      default:
        return new SQLNonTransientException(message, state);
    }
  }
}
