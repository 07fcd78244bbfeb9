package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code Interceptors.exitAfterIntercept}: the head of a response is there. May fail: the
 * application has the response then.
 */
final class InterceptAdvice {
  private InterceptAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(0) Object channel,
      @Advice.Argument(1) Object future,
      @Advice.Argument(3) Object response)
      throws Throwable {
    Object entered =
        Hooks.find(owner, "dev.weft.instrumentation.asynchttpclient.InterceptHook")
            .enter(null, channel, future, response);
    return entered instanceof Outcome ? entered : null;
  }

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object entered, @Advice.Return(readOnly = false) boolean exits) {
    if (entered != null) {
      exits = true;
    }
  }
}
