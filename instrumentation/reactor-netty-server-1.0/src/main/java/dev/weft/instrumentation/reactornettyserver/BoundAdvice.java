package dev.weft.instrumentation.reactornettyserver;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** On {@code ServerTransport.DisposableBind.onNext}: says which port a server listens on. */
final class BoundAdvice {
  private BoundAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This Object server) throws Throwable {
    Hooks.findOrLater(owner, "dev.weft.instrumentation.reactornettyserver.PortHook")
        .enter(server, null, null, null);
  }
}
