package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** The constructor of {@code MultiExchange} runs on the thread of the caller. */
final class CallerAdvice {
  private CallerAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This Object self) throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.CallerHook")
        .exit(null, self, null, null);
  }
}
