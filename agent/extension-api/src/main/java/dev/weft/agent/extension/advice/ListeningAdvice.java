package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** {@link dev.weft.agent.extension.HookCall#listening}. */
final class ListeningAdvice {
  private ListeningAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @HookName String hook, @Advice.This Object server)
      throws Throwable {
    Hooks.findOrLater(owner, hook).enter(server, null, null, null);
  }
}
