package dev.weft.instrumentation.jetty;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.RequestGate;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import java.io.IOException;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** The gate before the handlers of Jetty 9.4 to 11. */
public final class GateHook extends RequestGate<HttpChannel, HttpChannel> {
  private final ReportedConnectors ports;

  /** Made by the agent, once per class loader of Jetty. */
  public GateHook(HookContext context) {
    super(context);
    this.ports = ReportedConnectors.of(context);
  }

  @Override
  protected @Nullable InboundExchange kept(HttpChannel channel) {
    return ExchangeNote.of(channel);
  }

  @Override
  protected void keep(HttpChannel channel, InboundExchange exchange) {
    ExchangeNote.keep(channel, exchange);
  }

  @Override
  protected boolean wasInside(HttpChannel channel) {
    return !channel.getState().isInitial();
  }

  @Override
  protected @Nullable MeshConnection connection(HttpChannel channel) {
    ports.seen(channel.getConnector());
    MeshConnection connection = Peers.of(channel.getEndPoint());
    if (connection != null
        && connection.isTooOld(System.nanoTime())
        && channel.getHttpTransport() instanceof HttpConnection) {
      // The answer will say "Connection: close"; the application does not see it.
      ((HttpConnection) channel.getHttpTransport()).getGenerator().setPersistent(false);
    }
    return connection;
  }

  @Override
  protected boolean strip(HttpChannel channel) {
    return RequestFields.strip(channel.getRequest());
  }

  @Override
  protected InboundRequest adapt(HttpChannel channel, MeshConnection connection) {
    return new JettyRequest(channel, connection);
  }

  /** A thread of the server's pool, which may run servlets. */
  @Override
  protected boolean mayWait(HttpChannel channel) {
    return true;
  }

  @Override
  protected void refuse(LocalReply reply, HttpChannel channel, HttpChannel same)
      throws IOException {
    Response response = channel.getResponse();
    response.setStatus(reply.status());
    reply.eachHeader(response::addHeader);
    response.getHttpOutput().write(reply.content());
  }
}
