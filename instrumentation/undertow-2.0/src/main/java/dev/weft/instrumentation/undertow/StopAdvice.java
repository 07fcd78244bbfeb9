package dev.weft.instrumentation.undertow;

import dev.weft.bootstrap.Hooks;
import io.undertow.Undertow;
import net.bytebuddy.asm.Advice;

/** On {@code Undertow.stop}: says that its ports are closed. */
final class StopAdvice {
  private StopAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.This Undertow server) throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.undertow.PortHook")
        .exit(null, server, null, null);
  }
}
