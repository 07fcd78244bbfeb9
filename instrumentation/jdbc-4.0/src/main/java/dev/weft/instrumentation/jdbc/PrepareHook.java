package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Keeps the text with the prepared statement, whether or not a policy holds: one may come. */
public final class PrepareHook extends MeshHook {
  /** For the hook loader. */
  public PrepareHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object statement, @Nullable Object sql, @Nullable Object b, @Nullable Object c) {
    if (statement != null && sql != null) {
      StatementTexts.prepared(statement, (String) sql);
    }
    return null;
  }
}
