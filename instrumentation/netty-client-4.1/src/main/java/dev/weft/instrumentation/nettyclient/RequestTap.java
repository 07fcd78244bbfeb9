package dev.weft.instrumentation.nettyclient;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Stands where the library hands messages to the codec of a channel to an instance: edits the head
 * of the request that is being sent, and remembers its body.
 */
public final class RequestTap extends ChannelOutboundHandlerAdapter {
  /** Its name in the pipeline. */
  public static final String NAME = "mesh.request";

  private volatile @Nullable HeadEdits request;

  /** The tap of a channel, or null. */
  public static @Nullable RequestTap of(Channel channel) {
    return channel.pipeline().get(RequestTap.class);
  }

  /** Looks at this request from now on. */
  public void watch(HeadEdits next) {
    request = next;
  }

  /** Looks at this request no more. */
  public void leave(HeadEdits done) {
    if (request == done) {
      request = null;
    }
  }

  /** The request that is looked at, or null. */
  public @Nullable HeadEdits request() {
    return request;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the promise tells whoever asked
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    HeadEdits watched = request;
    ctx.write(watched == null ? message : seen(watched, message), promise);
  }

  private static Object seen(HeadEdits watched, Object message) {
    Object out = message;
    if (message instanceof HttpRequest) {
      out = watched.written((HttpRequest) message);
    }
    if (message instanceof HttpContent) {
      watched.remember(((HttpContent) message).content());
      if (message instanceof LastHttpContent) {
        watched.bodyEnded();
      }
    } else if (message instanceof ByteBuf) {
      watched.remember((ByteBuf) message);
    } else if (!(message instanceof HttpRequest)) {
      watched.rememberNothing();
    }
    return out;
  }
}
