package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import java.sql.SQLTransientException;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code execute*} of a statement: the body runs once, between admission and outcome, or not at
 * all. The permit is a hook of this one execution, which the exit tells the outcome.
 */
final class StatementAdvice {
  private StatementAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.Origin("#m") String method,
      @Advice.This Object self,
      @Advice.Argument(value = 0, optional = true) @Nullable String sql,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.jdbc.StatementHook")
            .enter(self, sql, method, null);
    return outcome instanceof Outcome ? null : outcome;
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.This Object self,
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown)
      throws Throwable {
    if (permit instanceof Hook) {
      ((Hook) permit).exit(null, self, null, thrown);
    } else if (permit == null) {
      // Not of class 08, on which a pool would throw the connection away.
      thrown =
          outcome == null
              ? new SQLTransientException(Outcome.UNDECIDED, "58000")
              : Outcome.failure(outcome);
    }
  }
}
