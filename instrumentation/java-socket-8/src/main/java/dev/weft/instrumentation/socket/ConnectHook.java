package dev.weft.instrumentation.socket;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.DataPlane;
import java.net.InetSocketAddress;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/**
 * Gives a socket that is about to connect to a virtual address an implementation that connects to
 * an instance. The virtual address of another process means nothing here: that connection fails as
 * it would without the mesh, since nobody has such an address.
 */
public final class ConnectHook extends MeshHook {
  private final SocketOptionsCopy options;

  /** For the hook loader. */
  public ConnectHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.options = new SocketOptionsCopy();
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object endpoint,
      @Nullable Object socket,
      @Nullable Object impl,
      @Nullable Throwable thrown)
      throws Exception {
    DataPlane dataPlane = context().dataPlane();
    InetSocketAddress to = (InetSocketAddress) requireNonNull(endpoint);
    String host = dataPlane.virtualAddresses().hostOf(to.getAddress());
    if (host == null || impl instanceof MeshSocketImpl) {
      return impl;
    }
    MeshSocketImpl mesh = new MeshSocketImpl(dataPlane.sockets(), host);
    if (impl != null) {
      options.copy((SocketImpl) impl, mesh);
    }
    return mesh;
  }
}
