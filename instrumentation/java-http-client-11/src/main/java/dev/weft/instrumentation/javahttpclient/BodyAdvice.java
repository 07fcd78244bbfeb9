package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code Exchange.readBodyAsync}: the body of a response that the mesh gave itself. */
final class BodyAdvice {
  private BodyAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(0) Object handler,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.BodyHook")
            .enter(self, handler, null, null);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
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
