package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import javax.net.ssl.SSLEngine;
import net.bytebuddy.asm.Advice;

/** {@code AsyncSSLConnection.close}: every end of a secured connection comes by here. */
final class ClosedAdvice {
  private ClosedAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.FieldValue("engine") SSLEngine engine)
      throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.ClosedHook")
        .exit(null, null, engine, null);
  }
}
