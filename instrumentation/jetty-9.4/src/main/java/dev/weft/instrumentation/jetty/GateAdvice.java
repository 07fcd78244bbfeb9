package dev.weft.instrumentation.jetty;

import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.HttpChannel;
import org.jspecify.annotations.Nullable;

/**
 * On {@code Server.handle} and {@code Server.handleAsync} of Jetty 9.4 to 11: no handler runs
 * without a permit. An {@link Outcome} is a refusal that is written already; no answer at all is a
 * hook that failed.
 */
final class GateAdvice {
  private GateAdvice() {}

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(
      @Advice.Argument(0) HttpChannel channel,
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer,
      @Advice.Thrown @Nullable Throwable thrown)
      throws Throwable {
    if (answer == null) {
      channel.getResponse().setStatus(503);
    }
    if (answer == null || answer instanceof Outcome) {
      channel.getRequest().setHandled(true);
    }
    if (hook != null) {
      hook.exit(answer, channel, null, thrown);
    }
  }
}
