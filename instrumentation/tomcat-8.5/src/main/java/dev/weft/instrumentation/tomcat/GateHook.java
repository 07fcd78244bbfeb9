package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundDriver;
import dev.weft.dataplane.inbound.InboundExchange;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may enter the application, and keeps its trace current while it is
 * there. A request is decided on once; its asynchronous and error dispatches pass on that decision.
 */
public final class GateHook extends MeshHook {
  private final InboundDriver driver;

  /** Made by the agent, once per class loader of Tomcat. */
  public GateHook(HookContext context) {
    super(context);
    this.driver = context.dataPlane().inbound();
  }

  /**
   * @return the scope in which the application works, for {@link #exit}; {@link Permit#GRANTED} for
   *     a request that nobody has a question about, or that was in the application before the agent
   *     came; an {@link Outcome} when the refusal is written; null when no decision could be made
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self,
      @Nullable Object request,
      @Nullable Object response,
      @Nullable Object c) {
    if (request == null || response == null) {
      return null;
    }
    try {
      return decide((Request) request, (Response) response);
    } catch (Throwable t) {
      context().failed("refused a request that could not be judged", t);
      return null;
    }
  }

  private @Nullable Object decide(Request request, Response response) throws IOException {
    InboundExchange passed = (InboundExchange) RequestNotes.exchange(request);
    if (passed != null) {
      return passed.makeCurrent();
    }
    if (request.isAsync() || request.isAsyncDispatching()) {
      return Permit.GRANTED;
    }
    MeshConnection connection = RequestNotes.connection(request);
    if (connection == null) {
      return null;
    }
    TomcatRequest judged = new TomcatRequest(request, connection);
    if (!judged.stripMeshHeaders() && driver.isIndifferent()) {
      return Permit.GRANTED;
    }
    InboundExchange exchange = driver.begin(judged);
    RequestNotes.keepExchange(request, exchange);
    LocalReply refusal = exchange.rejection();
    if (refusal != null) {
      write(refusal, response);
      return Outcome.returned(null);
    }
    return exchange.makeCurrent();
  }

  /** Ends the scope that {@link #enter} opened. */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (entered instanceof InboundExchange.Scope) {
      ((InboundExchange.Scope) entered).close();
    }
    return result;
  }

  /** The valves that make error pages stand behind the gate, so the reply is written here. */
  private static void write(LocalReply reply, Response response) throws IOException {
    response.setStatus(reply.status());
    response.setHeader(LocalReply.HEADER, reply.headerValue());
    response.setContentType("text/plain;charset=utf-8");
    response.getReporter().write(reply.body());
  }
}
