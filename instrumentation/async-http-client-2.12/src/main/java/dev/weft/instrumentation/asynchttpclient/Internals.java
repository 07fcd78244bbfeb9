package dev.weft.instrumentation.asynchttpclient;

import static dev.weft.instrumentation.nettyclient.Handles.call;
import static dev.weft.instrumentation.nettyclient.Handles.get;
import static dev.weft.instrumentation.nettyclient.Handles.getter;
import static dev.weft.instrumentation.nettyclient.Handles.method;

import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.asynchttpclient.AsyncHandler;
import org.asynchttpclient.AsyncHttpClientConfig;
import org.asynchttpclient.Request;
import org.asynchttpclient.netty.NettyResponseFuture;
import org.asynchttpclient.netty.channel.ChannelManager;
import org.asynchttpclient.netty.request.NettyRequestSender;
import org.asynchttpclient.proxy.ProxyServer;

/** The parts of the library's sender that a hop is sent with and that are not public. */
final class Internals {
  private final MethodHandle config;
  private final MethodHandle channels;
  private final MethodHandle readTimeout;
  private final MethodHandle readTimeoutOfAll;
  private final MethodHandle newFuture;
  private final MethodHandle scheduleTimeout;

  Internals() throws ReflectiveOperationException {
    Class<?> sender = NettyRequestSender.class;
    config = getter(sender, "config");
    channels = getter(sender, "channelManager");
    readTimeout = method(Request.class, "getReadTimeout");
    readTimeoutOfAll = method(AsyncHttpClientConfig.class, "getReadTimeout");
    newFuture =
        method(
            sender,
            "newNettyRequestAndResponseFuture",
            Request.class,
            AsyncHandler.class,
            NettyResponseFuture.class,
            ProxyServer.class,
            boolean.class);
    scheduleTimeout =
        method(
            sender, "scheduleRequestTimeout", NettyResponseFuture.class, InetSocketAddress.class);
  }

  AsyncHttpClientConfig config(NettyRequestSender sender) {
    return (AsyncHttpClientConfig) get(config, sender);
  }

  ChannelManager channels(NettyRequestSender sender) {
    return (ChannelManager) get(channels, sender);
  }

  /** Milliseconds that a read may take, of the request or else of the client; 0 for any time. */
  long readTimeoutMillis(NettyRequestSender sender, Request request) {
    long own = millis(get(readTimeout, request));
    return Math.max(0, own == 0 ? millis(get(readTimeoutOfAll, config(sender))) : own);
  }

  /** Versions differ in what says it. */
  private static long millis(Object timeout) {
    return timeout instanceof Duration
        ? ((Duration) timeout).toMillis()
        : ((Number) timeout).longValue();
  }

  /** The future that the application gets for a request that is sent later. */
  NettyResponseFuture<?> newFuture(
      NettyRequestSender sender, Request request, AsyncHandler<?> handler) {
    return (NettyResponseFuture<?>) get(newFuture, sender, request, handler, null, null, false);
  }

  void scheduleTimeout(
      NettyRequestSender sender, NettyResponseFuture<?> future, InetSocketAddress remote) {
    call(scheduleTimeout, sender, future, remote);
  }
}
