package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Outcome;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** How a method of {@code Exchange} ends that a hook has decided: nobody expects that it throws. */
final class FutureAdvice {
  private FutureAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") @Nullable Object outcome,
      @Advice.Return(readOnly = false) CompletableFuture<?> result) {
    if (permit == null) {
      Throwable failure = Outcome.failure(outcome);
      result =
          failure == null
              ? (CompletableFuture<?>) Outcome.value(outcome)
              : CompletableFuture.failedFuture(failure);
    }
  }
}
