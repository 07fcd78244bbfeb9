package dev.weft.instrumentation.jetty;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
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
   * @return an outcome when it came over mesh TLS
   */
  @Override
  public Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    return self == null || Peers.handshake(((Request) self).getHttpChannel().getEndPoint()) == null
        ? Permit.GRANTED
        : Outcome.returned(null);
  }
}
