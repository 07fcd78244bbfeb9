package dev.weft.instrumentation.okhttp;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.util.List;
import net.bytebuddy.asm.Advice;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** {@code RealInterceptorChain.proceed}, in all its overloads: the step to the next interceptor. */
final class ProceedAdvice {
  private ProceedAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.AllArguments Object[] arguments,
      @Advice.FieldValue("interceptors") List<Interceptor> interceptors,
      @Advice.FieldValue("index") int index,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.okhttp.ProceedHook")
            .enter(self, arguments, interceptors, Integer.valueOf(index));
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) @Nullable Response result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = (Response) Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
