package dev.weft.instrumentation.nettyserver;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import javax.net.ssl.SSLEngine;

/**
 * TLS by Netty's own handler, which the application does not find: servers and frameworks look for
 * an {@link SslHandler} in the pipeline to tell scheme and certificates, and its callers wrote
 * {@code http}. Used by the connection's event loop.
 */
final class MeshTls extends ChannelDuplexHandler {
  private final SslHandler tls;

  MeshTls(SSLEngine engine) {
    this.tls = new SslHandler(engine);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    tls.handlerAdded(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) throws Exception {
    tls.handlerRemoved(context);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    tls.channelActive(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    tls.channelInactive(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    tls.channelRead(context, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    tls.channelReadComplete(context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    tls.userEventTriggered(context, event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
    tls.exceptionCaught(context, cause);
  }

  @Override
  public void bind(ChannelHandlerContext context, SocketAddress local, ChannelPromise promise)
      throws Exception {
    tls.bind(context, local, promise);
  }

  @Override
  public void disconnect(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
    tls.disconnect(context, promise);
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
    tls.close(context, promise);
  }

  @Override
  public void deregister(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
    tls.deregister(context, promise);
  }

  @Override
  public void read(ChannelHandlerContext context) throws Exception {
    tls.read(context);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    tls.write(context, message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext context) throws Exception {
    tls.flush(context);
  }
}
