package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code AbstractAsyncSSLConnection.createEngine}: of an attempt, the mesh makes the engine. */
final class EngineAdvice {
  private EngineAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(1) String peerHost,
      @Advice.Argument(3) SSLParameters parameters)
      throws Throwable {
    return Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.EngineHook")
        .exit(peerHost, parameters, null, null);
  }

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object engine, @Advice.Return(readOnly = false) SSLEngine result) {
    if (engine != null) {
      result = (SSLEngine) engine;
    }
  }
}
