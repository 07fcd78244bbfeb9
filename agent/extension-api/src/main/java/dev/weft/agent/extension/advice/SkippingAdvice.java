package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#skips}. */
final class SkippingAdvice {
  private SkippingAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(
      @Advice.Origin Class<?> owner,
      @HookName String hook,
      @Handed(0) @Nullable Object self,
      @Handed(1) @Nullable Object a,
      @Handed(2) @Nullable Object b,
      @Handed(3) @Nullable Object c)
      throws Throwable {
    return Hooks.find(owner, hook).enter(self, a, b, c) instanceof Outcome;
  }
}
