package dev.weft.instrumentation.asynchttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.ConnectionObserver.Side;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.instrumentation.nettyclient.ChannelSecurity;
import dev.weft.instrumentation.nettyclient.RequestTap;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;
import org.asynchttpclient.netty.NettyResponseFuture;
import org.asynchttpclient.netty.channel.ChannelManager;
import org.asynchttpclient.netty.channel.Channels;
import org.asynchttpclient.netty.channel.NettyConnectListener;
import org.jspecify.annotations.Nullable;

/** Makes a new channel to an instance ready for attempts at it. */
public final class ConnectHook extends MeshHook {
  /** For the hook loader. */
  public ConnectHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Sent sent = Sent.of(a);
    Attempt attempt = sent == null ? null : sent.attempt();
    Hop hop = sent == null ? null : sent.hop();
    Channel channel = (Channel) requireNonNull(b);
    if (attempt == null || hop == null || RequestTap.of(channel) != null) {
      return Permit.GRANTED;
    }
    hop.connected();
    channel
        .pipeline()
        .addAfter(ChannelManager.HTTP_CLIENT_CODEC, RequestTap.NAME, new RequestTap());
    TransportSecurity transport = context().dataPlane().transport();
    if (!attempt.secure()) {
      transport.plaintext(Side.OUTBOUND);
      return Permit.GRANTED;
    }
    NettyConnectListener<?> listener = (NettyConnectListener<?>) requireNonNull(self);
    NettyResponseFuture<?> future = (NettyResponseFuture<?>) requireNonNull(a);
    InetSocketAddress remote = (InetSocketAddress) requireNonNull(c);
    try {
      ChannelSecurity.install(
          channel,
          transport,
          attempt,
          Alpn.WEFT_HTTP_1,
          failure -> {
            if (failure == null) {
              listener.onSuccess(channel, remote);
            } else {
              future.abort(failure);
            }
          });
    } catch (SSLException e) {
      Channels.silentlyCloseChannel(channel);
      future.abort(e);
    }
    return Outcome.returned(null);
  }
}
