package dev.weft.instrumentation.httpserver;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** On {@code ServerImpl.stop}: says that its port is closed. */
final class StopAdvice {
  private StopAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.This Object server) throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.httpserver.PortHook")
        .exit(null, server, null, null);
  }
}
