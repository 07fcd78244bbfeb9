package dev.weft.instrumentation.undertow;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.ListenerPorts;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.ssl.SslConnection;

/** Hears a connection before its listener does, and reports the listener's port. */
public final class AcceptHook extends MeshHook {
  private final ListenerPorts<HttpOpenListener> ports;
  private final SecuredConnections secured;

  /** Made by the agent, once per class loader of Undertow. */
  public AcceptHook(HookContext context) {
    super(context);
    this.ports = new ListenerPorts<>(context.dataPlane().ports());
    this.secured = new SecuredConnections(context.dataPlane().connections());
  }

  /**
   * @param self the listener
   * @param accepted the connection it shall serve
   * @param heard what another listener read of it already; null for nothing
   * @return {@link Permit#GRANTED} where the listener may go on; an {@link Outcome} when the
   *     connection is ours now
   */
  @Override
  public Object enter(
      @Nullable Object self,
      @Nullable Object accepted,
      @Nullable Object heard,
      @Nullable Object c) {
    StreamConnection connection = (StreamConnection) accepted;
    HttpOpenListener listener = (HttpOpenListener) self;
    if (listener == null
        || connection == null
        || connection instanceof SslConnection
        || connection instanceof SecuredConnection
        || FirstBytes.isHandingOver()) {
      return Permit.GRANTED;
    }
    try {
      int port = port(connection);
      if (!ports.isLast(listener)) {
        ports.opened(listener, port, true);
      }
      new FirstBytes(listener, connection, port, secured).begin((PooledByteBuffer) heard);
    } catch (RuntimeException | Error e) {
      context().failed("closed a connection that could not be heard", e);
      IoUtils.safeClose(connection);
    }
    return Outcome.returned(null);
  }

  private static int port(StreamConnection connection) {
    InetSocketAddress local = connection.getLocalAddress(InetSocketAddress.class);
    return local == null ? -1 : local.getPort();
  }
}
