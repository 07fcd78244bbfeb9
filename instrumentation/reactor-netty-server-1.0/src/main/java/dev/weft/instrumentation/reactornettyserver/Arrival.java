package dev.weft.instrumentation.reactornettyserver;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.util.ReferenceCountUtil;

/** A request on its way into Reactor Netty, which may be held back and sent on later. */
final class Arrival {
  private final ChannelHandlerContext context;
  private final Object message;
  private boolean held;

  Arrival(ChannelHandlerContext context, Object message) {
    this.context = context;
    this.message = message;
  }

  /** From now on the message is not the caller's any more. */
  void hold() {
    held = true;
  }

  boolean isHeld() {
    return held;
  }

  void release() {
    ReferenceCountUtil.release(message);
  }

  /** Comes the same way again; on the channel's event loop. */
  void again() {
    try {
      ((ChannelInboundHandler) context.handler()).channelRead(context, message);
    } catch (Exception e) {
      context.fireExceptionCaught(e);
    }
  }
}
