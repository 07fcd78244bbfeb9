package dev.weft.instrumentation.okhttp;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;

/**
 * {@code hasRouteToTry} and {@code sameHostAndPort}: whether a call goes on with the connection
 * that it holds. What comes of a failure here is found by {@link ProceedHook}.
 */
final class HoldAdvice {
  private HoldAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.Return(readOnly = false) boolean result)
      throws Throwable {
    result =
        result
            && Permit.orNull(
                    Hooks.find(owner, "dev.weft.instrumentation.okhttp.HoldHook")
                        .enter(null, null, null, null))
                != null;
  }
}
