package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** {@code close} and {@code abort} of a connection: what it held of the mesh is given back. */
final class CloseAdvice {
  private CloseAdvice() {}

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This Object self) throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.jdbc.CloseHook").enter(self, null, null, null);
  }
}
