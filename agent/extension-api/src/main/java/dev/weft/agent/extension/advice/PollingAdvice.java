package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#polling}. */
final class PollingAdvice {
  private PollingAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner, @HookName String hook, @Handed(0) @Nullable Object server)
      throws Throwable {
    Hooks.findNow(owner, hook).enter(server, null, null, null);
  }
}
