package dev.weft.instrumentation.okhttp;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;

/** {@code RetryAndFollowUpInterceptor.recover}: to hosts of the mesh, the mesh retries. */
final class RecoverAdvice {
  private RecoverAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  @SuppressWarnings("UnusedVariable") // the first assignment holds when the hook fails
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.AllArguments Object[] arguments,
      @Advice.Return(readOnly = false) boolean result)
      throws Throwable {
    boolean recoverable = result;
    result = false;
    result =
        recoverable
            && Permit.orNull(
                    Hooks.find(owner, "dev.weft.instrumentation.okhttp.RecoverHook")
                        .enter(null, arguments, null, null))
                != null;
  }
}
