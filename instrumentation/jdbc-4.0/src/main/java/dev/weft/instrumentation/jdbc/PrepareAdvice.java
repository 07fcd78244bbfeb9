package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** {@code prepareStatement} and {@code prepareCall}: the text is kept for the executions. */
final class PrepareAdvice {
  private PrepareAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(0) @Nullable String sql,
      @Advice.Return(typing = Assigner.Typing.DYNAMIC) @Nullable Object result)
      throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.jdbc.PrepareHook")
        .enter(result, sql, null, null);
  }
}
