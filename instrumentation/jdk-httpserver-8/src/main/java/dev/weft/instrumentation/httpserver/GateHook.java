package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.RequestGate;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.MeshHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gate before the filters and handlers of the JDK's server. */
final class GateHook extends RequestGate<HttpExchange, HttpExchange> {
  private final Internals internals;

  GateHook(HookContext context, Internals internals) {
    super(context);
    this.internals = internals;
  }

  @Override
  protected @Nullable InboundExchange kept(HttpExchange request) {
    Object impl = internals.impl(request);
    return channel(impl).requests().kept(impl);
  }

  @Override
  protected void keep(HttpExchange request, InboundExchange exchange) {
    channel(internals.impl(request)).requests().keep(exchange);
  }

  /** The server's own chain of filters follows on the application's. */
  @Override
  protected boolean wasInside(HttpExchange request) {
    Object impl = internals.impl(request);
    return channel(impl).requests().hasBegun(impl);
  }

  @Override
  protected @Nullable MeshConnection connection(HttpExchange request) {
    Object impl = internals.impl(request);
    MeshConnection connection = channel(impl).connection();
    if (connection != null && connection.isTooOld(System.nanoTime())) {
      endAfterAnswer(request, impl);
    }
    return connection;
  }

  @Override
  protected boolean strip(HttpExchange request) {
    Object impl = internals.impl(request);
    channel(impl).requests().begin(impl);
    boolean reserved = false;
    boolean carries = false;
    for (String name : request.getRequestHeaders().keySet()) {
      reserved |= MeshHeaders.isReserved(name);
      carries |= MeshHeaders.isCarriedOn(name);
    }
    if (reserved) {
      Headers rest = ServerRequest.copy(request.getRequestHeaders());
      rest.keySet().removeIf(MeshHeaders::isReserved);
      internals.setHeaders(impl, rest);
    }
    return carries;
  }

  @Override
  protected InboundRequest adapt(HttpExchange request, MeshConnection connection) {
    ServerRequest adapted = new ServerRequest(request, internals, connection, this::ahead);
    if (connection.peer() != null) {
      // Only they are told later on
      // (docs/adr/0250-a-caller-is-told-from-any-thread-where-the-server-allows-it.md).
      adapted.openAnswer();
    }
    return adapted;
  }

  /** Asks the client for its body, if it waits for that. */
  private BodyAhead ahead(HttpExchange request) {
    Object impl = internals.impl(request);
    MeshSocketChannel channel = channel(impl);
    channel.requests().askForBody(internals);
    return new BodyAhead(
        request,
        context().dataPlane().timer(),
        channel::endInput,
        () -> endAfterAnswer(request, impl));
  }

  /** A thread of the server's executor, or its only one where the application gave it none. */
  @Override
  protected boolean mayWait(HttpExchange request) {
    return true;
  }

  @Override
  protected void refuse(LocalReply reply, HttpExchange request, HttpExchange answer)
      throws IOException {
    byte[] body = reply.content();
    for (Map.Entry<String, List<String>> header : reply.headers().entrySet()) {
      // A copy: the server changes its lists.
      answer.getResponseHeaders().put(header.getKey(), new ArrayList<>(header.getValue()));
    }
    giveUpBody(answer);
    if (body.length == 0 || "HEAD".equals(answer.getRequestMethod())) {
      answer.sendResponseHeaders(reply.status(), -1);
    } else {
      answer.sendResponseHeaders(reply.status(), body.length);
      answer.getResponseBody().write(body);
      // Where the body of the request will not come, later versions end the connection at once.
      answer.getResponseBody().flush();
    }
    answer.close();
  }

  /** A client that was not asked sends no body, and closing the exchange would wait for that. */
  void giveUpBody(HttpExchange exchange) {
    Object impl = internals.impl(exchange);
    if (channel(impl).requests().isHeldBack()) {
      endAfterAnswer(exchange, impl);
      channel(impl).endInput();
    }
  }

  private void endAfterAnswer(HttpExchange exchange, Object impl) {
    exchange.getResponseHeaders().set("Connection", "close");
    internals.setClose(impl);
  }

  private MeshSocketChannel channel(Object impl) {
    return MeshSocketChannel.of(internals, internals.connection(impl));
  }
}
