package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.inbound.InboundExchange;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/** Concludes the exchange of a request that Tomcat is done with. */
public final class ConclusionHook extends MeshHook {
  /** Made by the agent, once per class loader of Tomcat. */
  public ConclusionHook(HookContext context) {
    super(context);
  }

  /**
   * @param self the request, not recycled yet
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Request request = (Request) self;
    InboundExchange exchange = request == null ? null : RequestNotes.exchange(request);
    if (request != null && exchange != null) {
      if (RequestNotes.isAnswered(request)) {
        AnswerHook.forget(request.getResponse().getCoyoteResponse());
      }
      BodyAhead ahead = RequestNotes.ahead(request);
      if (ahead != null) {
        ahead.forget();
      }
      exchange.conclude(request.getResponse().getCoyoteResponse().getStatus(), null);
    }
    return null;
  }
}
