package dev.weft.instrumentation.reactornettyclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.instrumentation.nettyclient.ChannelSecurity;
import dev.weft.instrumentation.nettyclient.ConnectRefusal;
import dev.weft.instrumentation.nettyclient.RequestTap;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelPipelineConfigurer;
import reactor.netty.NettyPipeline;

/** Makes a new channel to an instance ready for attempts at it. */
public final class ChannelHook extends MeshHook {
  /** For the hook loader. */
  public ChannelHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (result == null) {
      return null;
    }
    return ((ChannelPipelineConfigurer) result)
        .then((observer, channel, remote) -> prepare(channel, remote));
  }

  private void prepare(Channel channel, @Nullable SocketAddress remote) {
    String name =
        remote instanceof InetSocketAddress ? ((InetSocketAddress) remote).getHostString() : null;
    Attempt attempt = InstanceAddress.NAMES.named(name);
    if (attempt == null) {
      return;
    }
    try {
      ChannelSecurity.install(
          channel, context().dataPlane().transport(), attempt, Alpn.WEFT_HTTP_1, null);
    } catch (SSLException e) {
      channel.pipeline().addFirst(new ConnectRefusal(e));
      return;
    }
    channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, RequestTap.NAME, new RequestTap());
    long allowed = attempt.connectTimeoutMillis();
    if (allowed > 0 && allowed < channel.config().getConnectTimeoutMillis()) {
      channel.config().setConnectTimeoutMillis((int) allowed);
    }
  }
}
