package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** {@code NettyResponseFuture.getPartitionKey}: where a channel belongs in the pool. */
final class KeyAdvice {
  private KeyAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Return(readOnly = false) Object key)
      throws Throwable {
    key =
        Hooks.find(owner, "dev.weft.instrumentation.asynchttpclient.KeyHook")
            .exit(null, self, key, null);
  }
}
