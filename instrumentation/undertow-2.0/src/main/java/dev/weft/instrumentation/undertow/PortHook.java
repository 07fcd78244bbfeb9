package dev.weft.instrumentation.undertow;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.LocalPorts;
import io.undertow.Undertow;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Reports the ports of an embedded Undertow when it starts and when it stops. */
public final class PortHook extends MeshHook {
  /** Made by the agent, once per class loader of Undertow. */
  public PortHook(HookContext context) {
    super(context);
  }

  /**
   * @param self a server that has started
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    if (self != null) {
      LocalPorts ports = context().dataPlane().ports();
      for (Undertow.ListenerInfo listener : ((Undertow) self).getListenerInfo()) {
        if (listener.getProtcol().startsWith("http")) {
          ports.opened(port(listener), listener.getProtcol().equals("http"));
        }
      }
    }
    return null;
  }

  /**
   * @param self a server that is about to stop
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (self != null) {
      for (Undertow.ListenerInfo listener : ((Undertow) self).getListenerInfo()) {
        context().dataPlane().ports().closed(port(listener));
      }
    }
    return result;
  }

  private static int port(Undertow.ListenerInfo listener) {
    return listener.getAddress() instanceof InetSocketAddress
        ? ((InetSocketAddress) listener.getAddress()).getPort()
        : -1;
  }
}
