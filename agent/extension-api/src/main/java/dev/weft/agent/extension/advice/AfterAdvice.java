package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#after}. */
final class AfterAdvice {
  private AfterAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @HookName String hook,
      @Handed(0) @Nullable Object self,
      @Handed(1) @Nullable Object a,
      @Handed(2) @Nullable Object b,
      @Handed(3) @Nullable Object c)
      throws Throwable {
    Hooks.find(owner, hook).enter(self, a, b, c);
  }
}
