package dev.weft.instrumentation.undertow;

import dev.weft.bootstrap.Hooks;
import io.undertow.Undertow;
import net.bytebuddy.asm.Advice;

/** On {@code Undertow.start}: says which ports it listens on. */
final class StartAdvice {
  private StartAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This Undertow server) throws Throwable {
    Hooks.findOrLater(owner, "dev.weft.instrumentation.undertow.PortHook")
        .enter(server, null, null, null);
  }
}
