package dev.weft.instrumentation.jdbc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.CallDepth;
import org.jspecify.annotations.Nullable;

/** Keeps what a batch will execute. */
public final class BatchHook extends MeshHook {
  /** For the hook loader. */
  public BatchHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object sql, @Nullable Object method, @Nullable Object none) {
    Object statement = requireNonNull(self);
    if (CallDepth.depth(Sessions.INSIDE) > 0) {
      return null;
    }
    if ("clearBatch".equals(method)) {
      StatementTexts known = StatementTexts.of(statement);
      if (known != null) {
        known.cleared();
      }
    } else if (sql != null || !context().dataPlane().databases().isIdle()) {
      StatementTexts.added(statement, (String) sql);
    }
    return null;
  }
}
