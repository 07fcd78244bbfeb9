package dev.weft.instrumentation.sample;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;

final class GreetAdvice {
  private GreetAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(0) String name,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.sample.GreetHook")
            .enter(self, name, null, null);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) String result,
      @Advice.Thrown(readOnly = false) Throwable thrown) {
    if (permit == null) {
      result = (String) Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
