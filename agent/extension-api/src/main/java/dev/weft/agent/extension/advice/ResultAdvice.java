package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#changesResult}. */
final class ResultAdvice {
  private ResultAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @HookName String hook,
      @Handed(0) @Nullable Object self,
      @Handed(1) @Nullable Object entered,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) @Nullable Object result)
      throws Throwable {
    result = Hooks.find(owner, hook).exit(entered, self, result, null);
  }
}
