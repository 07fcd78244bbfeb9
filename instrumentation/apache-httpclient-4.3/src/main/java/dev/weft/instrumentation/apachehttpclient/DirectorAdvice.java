package dev.weft.instrumentation.apachehttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** {@code DefaultRequestDirector.tryExecute}: one hop of a deprecated client. */
final class DirectorAdvice {
  private DirectorAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("managedConn") Object connection,
      @Advice.FieldValue("requestExec") Object executor,
      @Advice.FieldValue("reuseStrategy") Object reuse,
      @Advice.FieldValue("keepAliveStrategy") Object keepAlive,
      @Advice.FieldValue("params") Object params,
      @Advice.Argument(0) Object routed,
      @Advice.Argument(1) Object context,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient.DirectorHook")
            .enter(connection, routed, context, new Object[] {executor, reuse, keepAlive, params});
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) @Nullable HttpResponse result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = (HttpResponse) Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
