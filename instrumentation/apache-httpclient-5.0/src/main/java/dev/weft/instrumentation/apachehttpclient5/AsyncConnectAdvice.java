package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.util.concurrent.Future;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.apache.hc.core5.concurrent.BasicFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/** The asynchronous operator's {@code connect}, of which each version has more overloads. */
final class AsyncConnectAdvice {
  private AsyncConnectAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.AllArguments(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object[] arguments,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    Object[] changed = arguments;
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient5.AsyncConnectHook")
            .enter(null, changed, null, null);
    arguments = changed;
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit
  @SuppressWarnings("unchecked")
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.AllArguments Object[] arguments,
      @Advice.Return(readOnly = false) Future<?> result) {
    if (permit == null) {
      Object callback = arguments[arguments.length - 1];
      BasicFuture<Object> failed = new BasicFuture<>((FutureCallback<Object>) callback);
      failed.failed((Exception) Outcome.failure(outcome));
      result = failed;
    }
  }
}
