package dev.weft.instrumentation.grpc;

import dev.weft.bootstrap.Hooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** {@code StatsTraceContext.newServerContext}: a call comes in. */
final class TracersAdvice {
  private TracersAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(value = 0, readOnly = false) List<?> factories)
      throws Throwable {
    Object more =
        Hooks.find(owner, "dev.weft.instrumentation.grpc.TracersHook")
            .enter(null, factories, null, null);
    if (more instanceof List) {
      factories = (List<?>) more;
    }
  }
}
