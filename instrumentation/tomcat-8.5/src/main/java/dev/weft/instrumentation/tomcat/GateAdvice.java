package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hook;
import net.bytebuddy.asm.Advice;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.jspecify.annotations.Nullable;

/**
 * On {@code StandardEngineValve.invoke}: no web application code runs without a permit. An {@link
 * Outcome} is a refusal that is written already; no answer at all is a hook that failed.
 */
final class GateAdvice {
  private GateAdvice() {}

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(
      @Advice.Argument(0) Request request,
      @Advice.Argument(1) Response response,
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer,
      @Advice.Thrown @Nullable Throwable thrown)
      throws Throwable {
    if (answer == null) {
      response.setStatus(503);
    }
    if (hook != null) {
      hook.exit(answer, request, null, thrown);
    }
  }
}
