package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import javax.net.ssl.SSLEngine;
import net.bytebuddy.asm.Advice;

/** The constructor of {@code AbstractAsyncSSLConnection}: which connection an engine is for. */
final class ConnectionAdvice {
  private ConnectionAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.FieldValue("engine") SSLEngine engine)
      throws Throwable {
    try {
      Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.ConnectionHook")
          .exit(null, self, engine, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
