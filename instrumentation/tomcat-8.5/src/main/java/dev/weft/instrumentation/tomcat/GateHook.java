package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.RequestGate;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.jspecify.annotations.Nullable;

/** The gate before Tomcat's hosts and contexts. */
public final class GateHook extends RequestGate<Request, Response> {
  /** Made by the agent, once per class loader of Tomcat. */
  public GateHook(HookContext context) {
    super(context);
  }

  @Override
  protected @Nullable InboundExchange kept(Request request) {
    return RequestNotes.exchange(request);
  }

  @Override
  protected void keep(Request request, InboundExchange exchange) {
    RequestNotes.keepExchange(request, exchange);
  }

  @Override
  protected boolean wasInside(Request request) {
    return request.isAsync() || request.isAsyncDispatching();
  }

  @Override
  protected @Nullable MeshConnection connection(Request request) {
    return RequestNotes.connection(request);
  }

  @Override
  protected boolean strip(Request request) {
    return TomcatRequest.stripMeshHeaders(request.getCoyoteRequest().getMimeHeaders());
  }

  @Override
  protected InboundRequest adapt(Request request, MeshConnection connection) {
    return new TomcatRequest(request, connection);
  }

  /** A thread of the connector's pool, which is the request's alone. */
  @Override
  protected boolean mayWait(Request request) {
    return true;
  }

  /** The valves that make error pages stand behind the gate, so the reply is written here. */
  @Override
  protected void refuse(LocalReply reply, Request request, Response response) throws IOException {
    response.setStatus(reply.status());
    reply.eachHeader(response::addHeader);
    byte[] body = reply.content();
    if (body.length > 0) {
      // By way of text, as Tomcat's streams are of another class in each era; to the same bytes.
      response.getReporter().write(new String(body, response.getCharacterEncoding()));
    }
  }
}
