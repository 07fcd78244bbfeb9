package dev.weft.instrumentation.grpcnetty;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.DataPlane;
import dev.weft.instrumentation.grpc.Connections;
import dev.weft.instrumentation.nettyserver.FirstBytes;
import dev.weft.instrumentation.nettyserver.NettyConnections;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Hears a connection before gRPC does, and reports the port it came to. */
public final class AcceptHook extends MeshHook {
  private final Negotiators negotiators;

  /** For the hook loader. */
  public AcceptHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.negotiators = new Negotiators(NettyServerBuilder.class);
  }

  /**
   * @param transport what gRPC has of the connection
   * @param accepted a connection that has no handlers yet
   * @param negotiator says whether the application has TLS of its own on it
   */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the listener is told
  public @Nullable Object enter(
      @Nullable Object transport,
      @Nullable Object accepted,
      @Nullable Object negotiator,
      @Nullable Object c)
      throws ReflectiveOperationException {
    Channel channel = (Channel) requireNonNull(accepted);
    DataPlane plane = context().dataPlane();
    boolean plaintext = negotiators.isPlaintext(negotiator);
    Channel listener = channel.parent();
    if (listener != null) {
      NettyConnections.listening(listener, plane.ports(), plaintext);
    }
    if (plaintext) {
      int port = NettyConnections.port(channel);
      FirstBytes.addHolding(channel.pipeline(), plane.connections(), port, true);
      Object bound = requireNonNull(transport);
      Connections.bind(bound, () -> NettyConnections.of(channel));
      channel.closeFuture().addListener(closed -> Connections.forget(bound));
    }
    return null;
  }
}
