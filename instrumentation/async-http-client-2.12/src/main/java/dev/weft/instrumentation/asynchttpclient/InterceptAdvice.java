package dev.weft.instrumentation.asynchttpclient;

import net.bytebuddy.asm.Advice;

/**
 * {@code Interceptors.exitAfterIntercept}: the head of a response is there. May fail: the
 * application has the response then.
 */
final class InterceptAdvice {
  private InterceptAdvice() {}

  @Advice.OnMethodExit
  static void exit(@Advice.Enter boolean entered, @Advice.Return(readOnly = false) boolean exits) {
    if (entered) {
      exits = true;
    }
  }
}
