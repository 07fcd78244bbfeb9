package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.ListenerPorts;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.jspecify.annotations.Nullable;

/** Reports the port of each HTTP connector when it opens and when it closes. */
public final class PortHook extends MeshHook {
  private final ListenerPorts<AbstractEndpoint<?>> ports;

  /** Made by the agent, once per class loader of Tomcat. */
  public PortHook(HookContext context) {
    super(context);
    this.ports = new ListenerPorts<>(context.dataPlane().ports());
  }

  /**
   * @param self an endpoint that may listen
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    AbstractEndpoint<?> endpoint = (AbstractEndpoint<?>) self;
    if (endpoint != null && !ports.isLast(endpoint)) {
      report(endpoint);
    }
    return null;
  }

  /**
   * @param self an endpoint that is about to stop
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    AbstractEndpoint<?> endpoint = (AbstractEndpoint<?>) self;
    if (endpoint != null) {
      ports.closed(endpoint, endpoint.getLocalPort());
    }
    return result;
  }

  private void report(AbstractEndpoint<?> endpoint) {
    int port = endpoint.getLocalPort();
    if (port <= 0 || !endpoint.isRunning()) {
      return;
    }
    // "http-nio-8080", "http-nio2-8080"; AJP connectors run on the same class of endpoint.
    if (endpoint.getName() != null && endpoint.getName().startsWith("http-")) {
      ports.opened(endpoint, port, !endpoint.isSSLEnabled());
    } else {
      ports.ignore(endpoint);
    }
  }
}
