package dev.weft.instrumentation.jdbc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.CallDepth;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.database.DatabaseDriver;
import dev.weft.dataplane.database.DatabaseSession;
import dev.weft.dataplane.database.RunningStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Admits a statement, and answers who is to be told its outcome. */
public final class StatementHook extends MeshHook {
  /** For the hook loader. */
  public StatementHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object sql, @Nullable Object method, @Nullable Object none) {
    DatabaseDriver databases = context().dataPlane().databases();
    if (databases.isIdle() || CallDepth.depth(Sessions.INSIDE) > 0) {
      return Permit.GRANTED;
    }
    Statement statement = (Statement) requireNonNull(self);
    try {
      DatabaseSession session = Sessions.of(databases, statement.getConnection());
      return session == null || !session.isGoverned()
          ? Permit.GRANTED
          : begin(databases, session, statement, (String) sql, (String) requireNonNull(method));
    } catch (SQLException refusedOrClosed) {
      return Outcome.failed(refusedOrClosed);
    }
  }

  private Object begin(
      DatabaseDriver databases,
      DatabaseSession session,
      Statement statement,
      @Nullable String sql,
      String method)
      throws SQLException {
    boolean batch = method.endsWith("Batch");
    StatementTexts known = sql == null ? StatementTexts.of(statement) : null;
    List<String> texts =
        sql != null ? Collections.singletonList(sql) : StatementTexts.of(statement, known, batch);
    int size = batch && known != null ? known.batchSize() : 0;
    RunningStatement running;
    try {
      running = databases.begin(session, texts, size, Refusals.STATEMENT);
    } catch (SQLException refused) {
      throw refused;
    } catch (Exception defect) {
      throw new IllegalStateException(defect);
    }
    if (batch && known != null) {
      known.cleared();
    }
    if (running == null) {
      return Permit.GRANTED;
    }
    CallDepth.enter(Sessions.INSIDE);
    return new Execution(context(), statement, running);
  }
}
