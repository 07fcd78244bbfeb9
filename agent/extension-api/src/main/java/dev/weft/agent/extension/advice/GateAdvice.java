package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#gate}. */
final class GateAdvice {
  private GateAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @HookName String name,
      @Handed(0) @Nullable Object self,
      @Handed(1) @Nullable Object a,
      @Handed(2) @Nullable Object b,
      @Handed(3) @Nullable Object c,
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer)
      throws Throwable {
    hook = Hooks.find(owner, name);
    answer = hook.enter(self, a, b, c);
    return answer instanceof Outcome ? null : answer;
  }
}
