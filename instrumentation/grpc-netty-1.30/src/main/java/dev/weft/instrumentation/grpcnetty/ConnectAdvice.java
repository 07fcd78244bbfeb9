package dev.weft.instrumentation.grpcnetty;

import dev.weft.bootstrap.Hooks;
import io.netty.channel.ChannelHandlerContext;
import java.net.SocketAddress;
import net.bytebuddy.asm.Advice;

/**
 * {@code WriteBufferingAndExceptionHandler.connect}: a client's connection, before it is one. The
 * address of an instance is one that Netty cannot connect to: when the hook fails, so does this.
 */
final class ConnectAdvice {
  private ConnectAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(0) ChannelHandlerContext context,
      @Advice.Argument(value = 1, readOnly = false) SocketAddress remote)
      throws Throwable {
    Object real =
        Hooks.find(owner, "dev.weft.instrumentation.grpcnetty.ConnectHook")
            .enter(null, context, remote, null);
    if (real instanceof SocketAddress) {
      remote = (SocketAddress) real;
    }
  }
}
