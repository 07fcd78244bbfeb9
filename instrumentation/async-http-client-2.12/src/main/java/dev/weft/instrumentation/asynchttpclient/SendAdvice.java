package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.asynchttpclient.AsyncHandler;
import org.asynchttpclient.ListenableFuture;
import org.asynchttpclient.netty.NettyResponseFuture;
import org.jspecify.annotations.Nullable;

/** {@code NettyRequestSender.sendRequest}: one hop, or an attempt at it. */
final class SendAdvice {
  private SendAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Argument(1) AsyncHandler<?> handler,
      @Advice.Argument(2) @Nullable NettyResponseFuture<?> future,
      @Advice.Return(readOnly = false) ListenableFuture<?> result) {
    if (permit == null) {
      Throwable failure = Outcome.failure(outcome);
      result = (ListenableFuture<?>) Outcome.value(outcome);
      if (failure != null && future != null) {
        future.abort(failure);
        result = future;
      } else if (failure != null) {
        result = new ListenableFuture.CompletedFailure<Object>(failure);
        try {
          handler.onThrowable(failure);
        } catch (Throwable ofTheApplication) {
          // The library passes over it, too.
        }
      }
    }
  }
}
