package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.sql.SQLNonTransientConnectionException;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** {@code getConnection} of a data source that is no pool: as {@link ConnectAdvice}. */
final class DataSourceAdvice {
  private DataSourceAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(value = 0, optional = true) @Nullable String user,
      @Advice.Argument(value = 1, optional = true) @Nullable String word,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.jdbc.DataSourceHook")
            .enter(self, user, word, null);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) @Nullable Object result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = Outcome.value(outcome);
      thrown =
          outcome == null
              ? new SQLNonTransientConnectionException(Outcome.UNDECIDED, "08001")
              : Outcome.failure(outcome);
    }
  }
}
