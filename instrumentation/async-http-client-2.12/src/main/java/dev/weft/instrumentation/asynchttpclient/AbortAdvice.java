package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code NettyResponseFuture.abort}: what fails is an attempt first. May fail: the call ends then.
 */
final class AbortAdvice {
  private AbortAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(0) Throwable failure)
      throws Throwable {
    Object entered =
        Hooks.find(owner, "dev.weft.instrumentation.asynchttpclient.AbortHook")
            .enter(self, failure, null, null);
    return entered instanceof Outcome ? entered : null;
  }
}
