package dev.weft.instrumentation.undertow;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.RequestGate;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import io.undertow.server.Connectors;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The gate before Undertow's root handler, which every protocol's requests come to. */
public final class GateHook extends RequestGate<HttpServerExchange, HttpServerExchange> {
  private final AttachmentKey<InboundExchange> exchanges =
      AttachmentKey.create(InboundExchange.class);
  private final AttachmentKey<Boolean> seen = AttachmentKey.create(Boolean.class);

  /** Made by the agent, once per class loader of Undertow. */
  public GateHook(HookContext context) {
    super(context);
  }

  @Override
  protected @Nullable InboundExchange kept(HttpServerExchange request) {
    return request.getAttachment(exchanges);
  }

  @Override
  protected void keep(HttpServerExchange request, InboundExchange exchange) {
    request.putAttachment(exchanges, exchange);
    request.addExchangeCompleteListener(
        (over, next) -> {
          try {
            exchange.conclude(over.getStatusCode(), null);
          } finally {
            next.proceed();
          }
        });
  }

  /** A handler that dispatches comes here again, on another thread. */
  @Override
  protected boolean wasInside(HttpServerExchange request) {
    return request.getAttachment(seen) != null || request.isResponseStarted();
  }

  @Override
  protected MeshConnection connection(HttpServerExchange request) {
    MeshConnection connection = SecuredConnection.of(request.getConnection());
    if (connection.isTooOld(System.nanoTime())) {
      request.setPersistent(false);
    }
    return connection;
  }

  @Override
  protected boolean strip(HttpServerExchange request) {
    request.putAttachment(seen, Boolean.TRUE);
    return UndertowRequest.stripMeshHeaders(request.getRequestHeaders());
  }

  @Override
  protected InboundRequest adapt(HttpServerExchange request, MeshConnection connection) {
    return new UndertowRequest(request, connection);
  }

  @Override
  protected boolean mayWait(HttpServerExchange request) {
    return !request.isInIoThread();
  }

  /** On a worker, as a blocking handler of the application would. */
  @Override
  protected boolean waitElsewhere(
      InboundExchange exchange, HttpServerExchange request, @Nullable Object handler) {
    if (!(handler instanceof HttpHandler)) {
      return false;
    }
    keep(request, exchange);
    Connectors.executeRootHandler(new WaitingHandler(exchange, (HttpHandler) handler), request);
    return true;
  }

  /** As a handler, so that Undertow treats an unread body as after any other answer. */
  @Override
  protected void refuse(LocalReply reply, HttpServerExchange request, HttpServerExchange answer)
      throws IOException {
    Connectors.executeRootHandler(new RefusalHandler(reply), answer);
  }
}
