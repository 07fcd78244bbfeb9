package dev.weft.instrumentation.okhttp;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code AsyncCall.execute}, later {@code run}: a call that was enqueued is made. */
final class RunAdvice {
  private RunAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static @Nullable Object enter(@Advice.Origin Class<?> owner, @Advice.This Object self)
      throws Throwable {
    return Hooks.find(owner, "dev.weft.instrumentation.okhttp.RunHook")
        .enter(self, null, null, null);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.Enter @Nullable Object before)
      throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.okhttp.RunHook").exit(before, null, null, null);
  }
}
