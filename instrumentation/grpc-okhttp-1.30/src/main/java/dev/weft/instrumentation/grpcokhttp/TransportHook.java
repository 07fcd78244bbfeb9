package dev.weft.instrumentation.grpcokhttp;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.instrumentation.grpc.InstanceAddress;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Gives a connection to an instance sockets that go there, secured. */
public final class TransportHook extends MeshHook {
  /** For the hook loader. */
  public TransportHook(HookContext context) {
    super(context);
  }

  /**
   * @param remote where gRPC wants to connect to
   * @param sockets what makes its sockets, the application's perhaps
   * @return what shall make them
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self,
      @Nullable Object remote,
      @Nullable Object sockets,
      @Nullable Object c) {
    if (!(remote instanceof InstanceAddress) || sockets instanceof InstanceSockets) {
      return sockets;
    }
    return new InstanceSockets(
        context().dataPlane().transport(),
        ((InstanceAddress) remote).attempt(),
        (SocketFactory) requireNonNull(sockets));
  }
}
