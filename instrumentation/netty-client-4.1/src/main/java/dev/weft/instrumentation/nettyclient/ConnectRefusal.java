package dev.weft.instrumentation.nettyclient;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Fails the connect of a channel that could not be secured: of what an initializer throws nobody
 * hears, of a connect that fails the caller does.
 */
public final class ConnectRefusal extends ChannelOutboundHandlerAdapter {
  private final Throwable cause;

  /** Fails it with this. */
  public ConnectRefusal(Throwable cause) {
    this.cause = cause;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the promise tells whoever asked
  public void connect(
      ChannelHandlerContext ctx,
      SocketAddress remote,
      @Nullable SocketAddress local,
      ChannelPromise promise) {
    promise.setFailure(cause);
    ctx.close();
  }
}
