package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/**
 * {@code NettyResponseFuture.incrementRetryAndCheck}: whether the library sends again by itself.
 */
final class RetryAdvice {
  private RetryAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Return(readOnly = false) boolean again)
      throws Throwable {
    again =
        Boolean.TRUE.equals(
            Hooks.find(owner, "dev.weft.instrumentation.asynchttpclient.RetryHook")
                .exit(null, self, again, null));
  }
}
