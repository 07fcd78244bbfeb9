package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** {@code NettyResponseFuture.cancel}: the application gives up. */
final class CancelAdvice {
  private CancelAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This Object self) throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.asynchttpclient.CancelHook")
        .exit(null, self, null, null);
  }
}
