package dev.weft.agent.extension.advice;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** {@link dev.weft.agent.extension.HookCall#decides}. */
final class DecidingAdvice {
  private DecidingAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @HookName String hook,
      @Handed(0) @Nullable Object self,
      @Handed(1) @Nullable Object a,
      @Handed(2) @Nullable Object b,
      @Handed(3) @Nullable Object c,
      @Advice.Local("outcome") @Nullable Object outcome)
      throws Throwable {
    outcome = Hooks.find(owner, hook).enter(self, a, b, c);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") @Nullable Object outcome,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) @Nullable Object result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
