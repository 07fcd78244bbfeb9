package dev.weft.instrumentation.httpserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.ListenerPorts;
import org.jspecify.annotations.Nullable;

/** Reports the port of a server when it opens and when it closes. */
public final class PortHook extends MeshHook {
  private final Internals internals = new Internals();
  private final ListenerPorts<Object> ports;

  /** Made by the agent. */
  public PortHook(HookContext context) {
    super(context);
    this.ports = new ListenerPorts<>(context.dataPlane().ports());
  }

  /**
   * @param server a server that listens
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object server, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    if (server != null && !ports.isLast(server)) {
      ports.opened(server, internals.port(server), !internals.isHttps(server));
    }
    return null;
  }

  /**
   * @param server a server that is about to stop
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object server,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (server != null) {
      ports.closed(server, internals.port(server));
    }
    return result;
  }
}
