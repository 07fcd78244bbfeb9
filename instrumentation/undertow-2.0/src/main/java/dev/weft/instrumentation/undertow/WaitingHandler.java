package dev.weft.instrumentation.undertow;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;

/**
 * Waits for an authorizer on a worker, and goes on where it came from, on the connection's own I/O
 * thread: the application's handler finds everything as if nobody had been asked.
 */
final class WaitingHandler implements HttpHandler {
  private final InboundExchange judged;
  private final HttpHandler application;

  WaitingHandler(InboundExchange judged, HttpHandler application) {
    this.judged = judged;
    this.application = application;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    HttpHandler asking = this::ask;
    exchange.dispatch(asking);
  }

  private void ask(HttpServerExchange exchange) {
    judged.ask();
    LocalReply refusal = judged.rejection();
    HttpHandler next = refusal == null ? application : new RefusalHandler(refusal);
    exchange.dispatch(exchange.getIoThread(), next);
  }
}
