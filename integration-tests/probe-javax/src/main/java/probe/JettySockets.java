package probe;

import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.websocket.jsr356.server.deploy.WebSocketServerContainerInitializer;

/** WebSockets on an embedded Jetty. */
final class JettySockets {
  private JettySockets() {}

  static void add(ServletContextHandler context, String name) {
    WebSocketServerContainerInitializer.configure(
        context, (servlets, container) -> container.addEndpoint(EchoSocket.of(name)));
  }
}
