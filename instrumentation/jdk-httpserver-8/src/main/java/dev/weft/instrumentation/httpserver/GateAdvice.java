package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.HttpExchange;
import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * On {@code Filter.Chain.doFilter}: no filter and no handler of the application runs without a
 * permit. An {@link Outcome} is a refusal that is written already; no answer at all is a hook that
 * failed.
 */
final class GateAdvice {
  private GateAdvice() {}

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(
      @Advice.Argument(0) HttpExchange exchange,
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer,
      @Advice.Thrown @Nullable Throwable thrown)
      throws Throwable {
    if (answer == null) {
      exchange.sendResponseHeaders(503, -1);
      exchange.close();
    }
    if (hook != null) {
      hook.exit(answer, exchange, null, thrown);
    }
  }
}
