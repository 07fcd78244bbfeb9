package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#enforcesResult}. */
final class EnforcedResultAdvice {
  private EnforcedResultAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Origin Class<?> owner,
      @HookName String hook,
      @Handed(0) @Nullable Object self,
      @Handed(1) @Nullable Object entered,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) @Nullable Object result)
      throws Throwable {
    try {
      result = Hooks.find(owner, hook).exit(entered, self, result, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
