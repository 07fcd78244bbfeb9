package dev.weft.instrumentation.nettyserver;

import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.MeshConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Stands behind the mesh's TLS: lets nothing through before the client is verified, and keeps what
 * TLS has to say from the server's handlers. Used by the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails here ends the connection
final class Admission extends ChannelDuplexHandler {
  static final String NAME = "weft.admission";

  private static final String CHUNKS = "weft.chunks";

  private final ConnectionPolicy policy;
  private final SSLEngine engine;
  private boolean admitted;
  private boolean concluded;

  Admission(ConnectionPolicy policy, SSLEngine engine) {
    this.policy = policy;
    this.engine = engine;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent) {
      completed(context, (SslHandshakeCompletionEvent) event);
    } else if (!(event instanceof SslCloseCompletionEvent)) {
      context.fireUserEventTriggered(event);
    }
  }

  private void completed(ChannelHandlerContext context, SslHandshakeCompletionEvent handshake) {
    if (!handshake.isSuccess()) {
      refuse(context, handshake.cause());
      return;
    }
    try {
      MeshConnection verified = policy.verify(engine);
      Channel channel = context.channel();
      NettyConnections.secured(channel, verified);
      // From here, as HTTP/2 behind puts a close off until its streams have ended.
      Runnable forget = policy.register(verified, context::close);
      channel.closeFuture().addListener(closed -> forget.run());
      admitted = true;
      conclude(HandshakeResult.OK);
      HeldWrites.release(context.pipeline());
    } catch (SSLException | RuntimeException | Error e) {
      refuse(context, e);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (admitted) {
      context.fireChannelRead(message);
    } else {
      ReferenceCountUtil.release(message);
      context.close();
    }
  }

  /** A server that finds no TLS sends files as such, which TLS cannot take. */
  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    Object taken = message;
    if (message instanceof FileRegion) {
      ChannelPipeline pipeline = context.pipeline();
      if (pipeline.get(CHUNKS) == null) {
        pipeline.addBefore(NAME, CHUNKS, new ChunkedWriteHandler());
      }
      taken = new ChunkedRegion((FileRegion) message);
    }
    context.write(taken, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (admitted) {
      context.fireExceptionCaught(cause);
    } else {
      refuse(context, cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    conclude(HandshakeResult.CONNECTION);
    context.fireChannelInactive();
  }

  private void refuse(ChannelHandlerContext context, Throwable cause) {
    Throwable reason = cause instanceof DecoderException ? cause.getCause() : cause;
    conclude(HandshakeResult.of(reason == null ? cause : reason));
    context.close();
  }

  private void conclude(HandshakeResult result) {
    if (!concluded) {
      concluded = true;
      policy.concluded(result);
    }
  }
}
