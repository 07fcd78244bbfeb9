package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code NettyRequestSender.resolveAddresses}: where to connect to. */
final class ResolveAdvice {
  private ResolveAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(0) Object request,
      @Advice.Argument(2) Object future,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.asynchttpclient.ResolveHook")
            .enter(self, request, future, null);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) Future<?> result) {
    if (permit == null) {
      Throwable failure = Outcome.failure(outcome);
      result =
          failure == null
              ? (Future<?>) Outcome.value(outcome)
              : ImmediateEventExecutor.INSTANCE.newFailedFuture(failure);
    }
  }
}
