package dev.weft.instrumentation.undertow;

import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Outcome;
import io.undertow.server.HttpServerExchange;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * On {@code Connectors.executeRootHandler}: no handler of the application runs without a permit. An
 * {@link Outcome} is a refusal that is written already; no answer at all is a hook that failed.
 */
final class GateAdvice {
  private GateAdvice() {}

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(
      @Advice.Argument(1) HttpServerExchange exchange,
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer,
      @Advice.Thrown @Nullable Throwable thrown)
      throws Throwable {
    if (answer == null) {
      exchange.setStatusCode(503);
      exchange.endExchange();
    }
    if (hook != null) {
      hook.exit(answer, exchange, null, thrown);
    }
  }
}
