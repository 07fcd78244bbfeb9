package dev.weft.instrumentation.reactornettyclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code HttpConnectionProvider.acquire}: one hop asks for its connection. */
final class AcquireAdvice {
  private AcquireAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.AllArguments Object[] arguments,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.reactornettyclient.AcquireHook")
            .enter(self, arguments, null, null);
    return Permit.orNull(outcome);
  }

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
