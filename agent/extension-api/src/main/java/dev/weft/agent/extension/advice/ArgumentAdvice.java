package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#changesArgument}. */
final class ArgumentAdvice {
  private ArgumentAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner,
      @HookName String hook,
      @Handed(0) @Nullable Object self,
      @Handed(1) @Nullable Object a,
      @Handed(2) @Nullable Object b,
      @Changed @Nullable Object argument)
      throws Throwable {
    Object answer = Hooks.find(owner, hook).enter(self, a, b, null);
    if (answer != null && answer != Permit.GRANTED) {
      argument = answer;
    }
  }
}
