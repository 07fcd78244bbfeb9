package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import java.util.Optional;
import net.bytebuddy.asm.Advice;

/** {@code Exchange.remainingConnectTimeout}: never above what policy allows an attempt. */
final class ConnectTimeoutAdvice {
  private ConnectTimeoutAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("request") Object request,
      @Advice.Return(readOnly = false) Optional<?> result)
      throws Throwable {
    try {
      result =
          (Optional<?>)
              Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.ConnectTimeoutHook")
                  .exit(null, request, result, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
