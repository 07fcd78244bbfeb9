package dev.weft.instrumentation.nettyserver;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what a server writes before anybody spoke, such as the settings of HTTP/2, until the
 * connection is what it is going to be; then goes. Used by the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promises tell whoever asked
final class HeldWrites extends ChannelDuplexHandler {
  static final String NAME = "weft.held-writes";

  private @Nullable PendingWriteQueue held;

  /** Lets go of what is held on a connection, if anything is. */
  static void release(ChannelPipeline pipeline) {
    HeldWrites holding = pipeline.get(HeldWrites.class);
    if (holding != null) {
      holding.release(pipeline.context(holding));
    }
  }

  private void release(ChannelHandlerContext context) {
    PendingWriteQueue queue = held;
    held = null;
    if (queue != null) {
      queue.removeAndWriteAll();
      context.flush();
    }
    context.pipeline().remove(this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    held = new PendingWriteQueue(context);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    PendingWriteQueue queue = held;
    if (queue == null) {
      context.write(message, promise);
    } else {
      queue.add(message, promise);
    }
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    if (held == null) {
      context.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    PendingWriteQueue queue = held;
    held = null;
    if (queue != null) {
      queue.removeAndFailAll(new ClosedChannelException());
    }
    context.fireChannelInactive();
  }
}
