package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code Exchange.ignoreBody}: nobody wants the body of a redirect that the mesh gave itself. */
final class IgnoreAdvice {
  private IgnoreAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.IgnoreHook")
            .enter(self, null, null, null);
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
              ? CompletableFuture.completedFuture(null)
              : CompletableFuture.failedFuture(failure);
    }
  }
}
