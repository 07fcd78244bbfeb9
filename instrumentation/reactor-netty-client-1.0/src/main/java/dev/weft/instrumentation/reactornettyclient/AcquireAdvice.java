package dev.weft.instrumentation.reactornettyclient;

import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code HttpConnectionProvider.acquire}: one hop asks for its connection. */
final class AcquireAdvice {
  private AcquireAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) Mono<?> result) {
    if (permit == null) {
      Throwable failure = Outcome.failure(outcome);
      result = failure == null ? (Mono<?>) Outcome.value(outcome) : Mono.error(failure);
    }
  }
}
