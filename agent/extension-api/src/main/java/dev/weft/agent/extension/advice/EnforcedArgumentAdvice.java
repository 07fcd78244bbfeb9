package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#enforcesArgument}. */
final class EnforcedArgumentAdvice {
  private EnforcedArgumentAdvice() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Origin Class<?> owner,
      @HookName String hook,
      @Handed(0) @Nullable Object self,
      @Handed(1) @Nullable Object entered,
      @Changed @Nullable Object argument)
      throws Throwable {
    try {
      argument = Hooks.find(owner, hook).exit(entered, self, argument, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
