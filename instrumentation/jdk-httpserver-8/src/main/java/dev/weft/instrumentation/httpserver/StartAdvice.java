package dev.weft.instrumentation.httpserver;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** On {@code ServerImpl.start}: says which port it has. */
final class StartAdvice {
  private StartAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This Object server) throws Throwable {
    Hooks.findOrLater(owner, "dev.weft.instrumentation.httpserver.PortHook")
        .enter(server, null, null, null);
  }
}
