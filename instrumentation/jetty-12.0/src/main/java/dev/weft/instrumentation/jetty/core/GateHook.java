package dev.weft.instrumentation.jetty.core;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.RequestGate;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.instrumentation.jetty.ReportedConnectors;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/** The gate before the handlers of Jetty 12, which get a request once. */
public final class GateHook extends RequestGate<MeshRequest, MeshRequest> {
  private final ReportedConnectors ports;

  /** Made by the agent, once per class loader of Jetty. */
  public GateHook(HookContext context) {
    super(context);
    this.ports = ReportedConnectors.of(context);
  }

  @Override
  protected @Nullable InboundExchange kept(MeshRequest request) {
    return request.exchange();
  }

  @Override
  protected void keep(MeshRequest request, InboundExchange exchange) {
    request.keep(exchange);
  }

  @Override
  protected boolean wasInside(MeshRequest request) {
    return false;
  }

  @Override
  protected @Nullable MeshConnection connection(MeshRequest request) {
    ports.seen(request.getConnectionMetaData().getConnector());
    MeshConnection connection =
        CoreTlsConnection.below(request.getConnectionMetaData().getConnection().getEndPoint());
    if (connection != null
        && connection.isTooOld(System.nanoTime())
        && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
      request.response().getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    return connection;
  }

  @Override
  protected boolean strip(MeshRequest request) {
    return request.strip();
  }

  @Override
  protected InboundRequest adapt(MeshRequest request, MeshConnection connection) {
    return new CoreRequest(request, connection);
  }

  /**
   * Not where the application has said that its handlers never block: then a selector runs them.
   */
  @Override
  protected boolean mayWait(MeshRequest request) {
    return !Invocable.isNonBlockingInvocation();
  }

  /** The writing ends the request, at once or when the client has taken the answer. */
  @Override
  protected void refuse(LocalReply reply, MeshRequest request, MeshRequest same) {
    Response response = request.response();
    response.setStatus(reply.status());
    reply.headers().forEach(response.getHeaders()::put);
    response.write(true, ByteBuffer.wrap(reply.content()), request.callback());
  }
}
