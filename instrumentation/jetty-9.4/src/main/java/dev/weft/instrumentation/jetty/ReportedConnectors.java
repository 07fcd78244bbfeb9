package dev.weft.instrumentation.jetty;

import dev.weft.agent.extension.HookContext;
import dev.weft.dataplane.ListenerPorts;
import org.eclipse.jetty.server.AbstractNetworkConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/** The connectors of one Jetty whose ports are reported. Thread-safe. */
public final class ReportedConnectors {
  private static @Nullable ReportedConnectors shared;

  private final ListenerPorts<AbstractNetworkConnector> ports;

  private ReportedConnectors(HookContext context) {
    this.ports = new ListenerPorts<>(context.dataPlane().ports());
  }

  /** The same for all hooks that report. */
  public static synchronized ReportedConnectors of(HookContext context) {
    ReportedConnectors made = shared;
    if (made == null) {
      made = new ReportedConnectors(context);
      shared = made;
    }
    return made;
  }

  /** A connector made a connection, or a request came by it. */
  public void seen(Connector connector) {
    if (connector instanceof AbstractNetworkConnector) {
      seen((AbstractNetworkConnector) connector);
    }
  }

  /** A connector may listen. */
  void seen(AbstractNetworkConnector connector) {
    if (ports.isLast(connector)) {
      return;
    }
    int port = connector.getLocalPort();
    if (port <= 0) {
      return;
    }
    String protocol = protocol(connector);
    if (isPlainHttp(protocol) || startsWithTls(protocol)) {
      ports.opened(connector, port, isPlainHttp(protocol));
    } else {
      ports.ignore(connector);
    }
  }

  /** A connector is about to stop. */
  void stopping(AbstractNetworkConnector connector) {
    ports.closed(connector, connector.getLocalPort());
  }

  /** Whether clients of a connector speak HTTP from their first byte on. */
  static boolean speaksPlainHttp(Connector connector) {
    return isPlainHttp(protocol(connector));
  }

  private static String protocol(Connector connector) {
    ConnectionFactory factory = connector.getDefaultConnectionFactory();
    return factory == null ? "" : factory.getProtocol();
  }

  private static boolean isPlainHttp(String protocol) {
    return "http/1.1".equalsIgnoreCase(protocol) || "h2c".equalsIgnoreCase(protocol);
  }

  /** {@code SSL}, and {@code [SSL|http/1.1]} for both on one port. */
  private static boolean startsWithTls(String protocol) {
    return protocol.regionMatches(true, protocol.startsWith("[") ? 1 : 0, "ssl", 0, 3);
  }
}
