package dev.weft.instrumentation.reactornettyserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.DataPlane;
import dev.weft.instrumentation.nettyserver.FirstBytes;
import dev.weft.instrumentation.nettyserver.NettyConnections;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.http2.Http2FrameCodec;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/** Hears a connection before the server's handlers do, and reports the port it came to. */
public final class AcceptHook extends MeshHook {
  /** Made by the agent, once per class loader of Reactor Netty. */
  public AcceptHook(HookContext context) {
    super(context);
  }

  /**
   * @param accepted a connection that has its handlers and was not read yet
   * @param tls the application's own TLS on it; null for none
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object accepted, @Nullable Object tls, @Nullable Object c) {
    Channel channel = (Channel) accepted;
    // HTTP/3 has datagrams below, and TLS of its own.
    if (channel == null || channel instanceof DatagramChannel) {
      return null;
    }
    DataPlane plane = context().dataPlane();
    Channel listener = channel.parent();
    if (listener != null) {
      NettyConnections.listening(listener, plane.ports(), tls == null);
    }
    if (tls == null) {
      ChannelPipeline pipeline = channel.pipeline();
      int port = NettyConnections.port(channel);
      FirstBytes.addTo(pipeline, plane.connections(), port, takesHttp2(pipeline));
    }
    return null;
  }

  /** Whether the application lets its clients begin in HTTP/2 without TLS. */
  private static boolean takesHttp2(ChannelPipeline pipeline) {
    return pipeline.get(NettyPipeline.H2CUpgradeHandler) != null
        || pipeline.get(NettyPipeline.HttpCodec) instanceof Http2FrameCodec;
  }
}
