package dev.weft.instrumentation.jetty;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Tells mesh TLS, which the application is not to see, from TLS of the application's own. */
public final class TlsViewHook extends MeshHook {
  /** Made by the agent, once per class loader of Jetty. */
  public TlsViewHook(HookContext context) {
    super(context);
  }

  /**
   * @param self the request
   * @return null unless it came over mesh TLS
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    return self == null ? null : Peers.handshake(((Request) self).getHttpChannel().getEndPoint());
  }
}
