package dev.weft.instrumentation.reactornettyserver;

import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Outcome;
import io.netty.util.ReferenceCountUtil;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerResponse;

/**
 * On {@code HttpServerOperations.onInboundNext}: no handler of the application gets a request
 * without a permit. An {@link Outcome} is a refusal that is written already; no answer at all is a
 * hook that failed.
 */
final class RequestAdvice {
  private RequestAdvice() {}

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(
      @Advice.This Object operations,
      @Advice.Argument(1) Object message,
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer,
      @Advice.Thrown @Nullable Throwable thrown)
      throws Throwable {
    if (answer == null) {
      ReferenceCountUtil.release(message);
      ((HttpServerResponse) operations)
          .status(503)
          .send()
          .subscribe(((ChannelOperations<?, ?>) operations).disposeSubscriber());
    }
    if (hook != null) {
      hook.exit(answer, operations, null, thrown);
    }
  }
}
