package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** {@code Http1Request.hostString}: the Host header, unchanged although the request is secure. */
final class HostAdvice {
  private HostAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("request") Object request,
      @Advice.Return(readOnly = false) String result)
      throws Throwable {
    try {
      result =
          (String)
              Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.HostHook")
                  .exit(null, request, result, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
