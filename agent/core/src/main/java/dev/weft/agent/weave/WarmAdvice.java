package dev.weft.agent.weave;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Advice of the usual form, for {@link Warm}; its result is thrown away. */
final class WarmAdvice {
  private WarmAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(0) Object value,
      @Advice.Local("outcome") @Nullable Object outcome)
      throws Throwable {
    outcome = Hooks.find(owner, "warm").enter(null, value, null, null);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") @Nullable Object outcome,
      @Advice.Return(readOnly = false) @Nullable Object result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
