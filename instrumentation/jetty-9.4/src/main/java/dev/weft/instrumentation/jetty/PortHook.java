package dev.weft.instrumentation.jetty;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.eclipse.jetty.server.AbstractNetworkConnector;
import org.jspecify.annotations.Nullable;

/** Reports the port of each HTTP connector when it opens and when it closes. */
public final class PortHook extends MeshHook {
  private final ReportedConnectors ports;

  /** Made by the agent, once per class loader of Jetty. */
  public PortHook(HookContext context) {
    super(context);
    this.ports = ReportedConnectors.of(context);
  }

  /**
   * @param self a connector that has started
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    if (self != null) {
      ports.seen((AbstractNetworkConnector) self);
    }
    return null;
  }

  /**
   * @param self a connector that is about to stop
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (self != null) {
      ports.stopping((AbstractNetworkConnector) self);
    }
    return result;
  }
}
