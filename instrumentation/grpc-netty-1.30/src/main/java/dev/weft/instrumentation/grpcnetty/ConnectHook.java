package dev.weft.instrumentation.grpcnetty;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.instrumentation.grpc.InstanceAddress;
import dev.weft.instrumentation.nettyclient.ChannelSecurity;
import dev.weft.instrumentation.nettyclient.ConnectRefusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Secures a connection to an instance, and says where the instance is. */
public final class ConnectHook extends MeshHook {
  /** For the hook loader. */
  public ConnectHook(HookContext context) {
    super(context);
  }

  /**
   * @param handler context of a handler of the channel that is to be connected
   * @param remote where gRPC wants it connected
   * @return where it shall be connected
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object handler, @Nullable Object remote, @Nullable Object c)
      throws UnknownHostException {
    if (!(remote instanceof InstanceAddress)) {
      return remote;
    }
    Attempt attempt = ((InstanceAddress) remote).attempt();
    Channel channel = ((ChannelHandlerContext) requireNonNull(handler)).channel();
    TransportSecurity transport = context().dataPlane().transport();
    try {
      ChannelSecurity.install(channel, transport, attempt, Alpn.HTTP_2, null);
    } catch (SSLException e) {
      channel.pipeline().addFirst(new ConnectRefusal(e));
    }
    if (!attempt.secure()) {
      transport.plaintext(ConnectionObserver.Side.OUTBOUND);
    }
    long allowed = attempt.connectTimeoutMillis();
    if (allowed > 0 && allowed < channel.config().getConnectTimeoutMillis()) {
      channel.config().setConnectTimeoutMillis((int) allowed);
    }
    InetAddress address = ((InstanceAddress) remote).resolved();
    return new InetSocketAddress(address, attempt.port());
  }
}
