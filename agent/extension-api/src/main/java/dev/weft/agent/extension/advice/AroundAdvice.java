package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#around}. */
final class AroundAdvice {
  private AroundAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @HookName String hook,
      @Handed(0) @Nullable Object self,
      @Handed(1) @Nullable Object a)
      throws Throwable {
    return Hooks.find(owner, hook).enter(self, a, null, null);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner, @HookName String hook, @Advice.Enter @Nullable Object entered)
      throws Throwable {
    if (entered != null) {
      Hooks.find(owner, hook).exit(entered, null, null, null);
    }
  }
}
