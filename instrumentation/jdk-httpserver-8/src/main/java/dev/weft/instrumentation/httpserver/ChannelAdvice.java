package dev.weft.instrumentation.httpserver;

import dev.weft.bootstrap.Hooks;
import java.nio.channels.SocketChannel;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** On {@code HttpConnection.getChannel}: selectors and addresses want the JDK's own channel. */
final class ChannelAdvice {
  private ChannelAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.Return(readOnly = false) @Nullable SocketChannel channel)
      throws Throwable {
    channel =
        (SocketChannel)
            Hooks.find(owner, "dev.weft.instrumentation.httpserver.ChannelHook")
                .exit(null, null, channel, null);
  }
}
