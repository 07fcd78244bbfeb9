package dev.weft.instrumentation.httpserver;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import java.nio.channels.SocketChannel;
import net.bytebuddy.asm.Advice;

/**
 * On {@code ServerImpl.Dispatcher.handle}: a connection that is not ready to be served goes back to
 * the dispatcher, one that is gets its channel replaced by ours.
 */
final class AcceptAdvice {
  private AcceptAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object dispatcher,
      @Advice.Argument(value = 0, readOnly = false) SocketChannel channel,
      @Advice.Argument(1) Object connection)
      throws Throwable {
    Object answer =
        Hooks.find(owner, "dev.weft.instrumentation.httpserver.AcceptHook")
            .enter(dispatcher, channel, connection, null);
    if (answer instanceof SocketChannel) {
      channel = (SocketChannel) answer;
    }
    return answer instanceof Outcome;
  }
}
