package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code AbstractAsyncSSLConnection.createEngine}: of an attempt, the mesh makes the engine. A hook
 * that fails refuses the connection.
 */
final class EngineAdvice {
  private EngineAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(1) String peerHost,
      @Advice.Argument(3) SSLParameters parameters,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.EngineHook")
            .enter(null, peerHost, parameters, null);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) @Nullable SSLEngine result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = (SSLEngine) Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
