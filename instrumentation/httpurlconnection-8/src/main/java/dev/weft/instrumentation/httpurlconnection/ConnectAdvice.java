package dev.weft.instrumentation.httpurlconnection;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.net.Socket;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code NetworkClient.doConnect}: of an attempt, the mesh makes the connection. */
final class ConnectAdvice {
  private ConnectAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(0) String host,
      @Advice.Argument(1) int port,
      @Advice.FieldValue("connectTimeout") int connectTimeout,
      @Advice.FieldValue("readTimeout") int readTimeout,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.httpurlconnection.ConnectHook")
            .enter(self, host, Integer.valueOf(port), new int[] {connectTimeout, readTimeout});
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) @Nullable Socket result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = (Socket) Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
