package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code addBatch} and {@code clearBatch}: what the batch will execute is kept until then. */
final class BatchAdvice {
  private BatchAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.Origin("#m") String method,
      @Advice.This Object self,
      @Advice.Argument(value = 0, optional = true) @Nullable String sql)
      throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.jdbc.BatchHook").enter(self, sql, method, null);
  }
}
