package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** {@link dev.weft.agent.extension.HookCall#stopping}. */
final class StoppingAdvice {
  private StoppingAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner, @HookName String hook, @Advice.This Object server)
      throws Throwable {
    Hooks.findNow(owner, hook).exit(null, server, null, null);
  }
}
