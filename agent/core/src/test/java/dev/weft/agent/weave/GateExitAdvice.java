package dev.weft.agent.weave;

import dev.weft.bootstrap.Hook;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Advice on exit of a unit's gate, for {@link HookCallTest}. */
final class GateExitAdvice {
  private GateExitAdvice() {}

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer,
      @Advice.Return(readOnly = false) @Nullable String result,
      @Advice.Thrown @Nullable Throwable thrown)
      throws Throwable {
    if (answer == null) {
      result = "refused";
    } else if (hook != null) {
      hook.exit(answer, null, result, thrown);
    }
  }
}
