package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Outcome;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code NettyRequestSender.resolveAddresses}: where to connect to. */
final class ResolveAdvice {
  private ResolveAdvice() {}

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
