package dev.weft.instrumentation.grpcnetty;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import io.grpc.internal.InternalServer;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Reports the port of a server that listens, and that it does no more. */
public final class ListenHook extends MeshHook {
  private final Negotiators negotiators;

  /** For the hook loader. */
  public ListenHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.negotiators = new Negotiators(NettyServerBuilder.class);
  }

  /**
   * @param server a server that listens
   * @param negotiator says whether the application has TLS of its own on it
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object server, @Nullable Object negotiator, @Nullable Object b, @Nullable Object c)
      throws ReflectiveOperationException {
    context().dataPlane().ports().opened(port(server), negotiators.isPlaintext(negotiator));
    return null;
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object server,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    context().dataPlane().ports().closed(port(server));
    return null;
  }

  /** 0 for what has no port, as a file. */
  private static int port(@Nullable Object server) {
    SocketAddress address = ((InternalServer) requireNonNull(server)).getListenSocketAddress();
    return address instanceof InetSocketAddress ? ((InetSocketAddress) address).getPort() : 0;
  }
}
