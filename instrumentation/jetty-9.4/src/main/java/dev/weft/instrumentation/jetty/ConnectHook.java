package dev.weft.instrumentation.jetty;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** Puts a {@link SniffingConnection} before each new connection of an HTTP connector. */
public final class ConnectHook extends MeshHook {
  private final ConnectionPolicy policy;
  private final ReportedConnectors ports;
  private final TlsLayer layer;

  /** Made by the agent, once per class loader of Jetty. */
  public ConnectHook(HookContext context) {
    super(context);
    this.policy = context.dataPlane().connections();
    this.ports = ReportedConnectors.of(context);
    this.layer = layer();
  }

  /** The one for this Jetty: from 12 on it needs what Jetty 9.4 to 11 cannot link. */
  private static TlsLayer layer() {
    ClassLoader loader = ConnectHook.class.getClassLoader();
    try {
      Class.forName("org.eclipse.jetty.io.ssl.SslConnection$SslEndPoint", false, loader);
    } catch (ClassNotFoundException e) {
      return new TlsConnection.Layer();
    }
    try {
      return Class.forName("dev.weft.instrumentation.jetty.core.CoreTlsLayer", true, loader)
          .asSubclass(TlsLayer.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("TLS for Jetty 12 cannot be made", e);
    }
  }

  /**
   * @param self the connector
   * @param made the connection that Jetty made
   * @return the connection to use
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object made,
      @Nullable Throwable thrown) {
    ServerConnector connector = (ServerConnector) self;
    if (connector == null || !(made instanceof Connection.UpgradeTo)) {
      return made;
    }
    ports.seen(connector);
    if (!ReportedConnectors.speaksPlainHttp(connector)) {
      return made;
    }
    Connection plaintext = (Connection) made;
    return new SniffingConnection(connector, plaintext.getEndPoint(), plaintext, policy, layer);
  }
}
