package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.Outcome;
import java.sql.SQLNonTransientConnectionException;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** {@code Driver.connect}: of a governed database, the mesh drives the attempts. */
final class ConnectAdvice {
  private ConnectAdvice() {}

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
