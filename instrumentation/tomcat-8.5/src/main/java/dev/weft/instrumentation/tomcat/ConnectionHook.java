package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.inbound.MeshConnection;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** Tells the connection a request came on, for its note; see {@link RequestNotes}. */
public final class ConnectionHook extends MeshHook {
  /** Made by the agent, once per class loader of Tomcat. */
  public ConnectionHook(HookContext context) {
    super(context);
  }

  /**
   * @param request the request that the processor will fill
   * @param socket the connection, null when the processor lets go of one
   * @return the connection's {@link MeshConnection}
   */
  @Override
  public Object enter(
      @Nullable Object request, @Nullable Object socket, @Nullable Object b, @Nullable Object c) {
    Object channel = socket == null ? null : ((SocketWrapperBase<?>) socket).getSocket();
    if (!(channel instanceof MeshChannel)) {
      return MeshConnection.UNSECURED;
    }
    MeshConnection connection = ((MeshChannel) channel).connection();
    if (connection == null) {
      throw new IllegalStateException("a request came before its connection was admitted");
    }
    if (socket != null && connection.isTooOld(System.nanoTime())) {
      // Tomcat counts this one down to none, and its answer says "Connection: close".
      ((SocketWrapperBase<?>) socket).setKeepAliveLeft(1);
    }
    return connection;
  }
}
