package dev.weft.instrumentation.okhttp;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** The constructor of {@code AsyncCall} runs on the thread that calls {@code enqueue}. */
final class QueuedAdvice {
  private QueuedAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This Object self) throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.okhttp.QueuedHook").exit(null, self, null, null);
  }
}
