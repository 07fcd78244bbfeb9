package dev.weft.instrumentation.undertow;

import dev.weft.dataplane.filter.LocalReply;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;

/** Answers a request in place of the application. Never blocks. */
final class RefusalHandler implements HttpHandler {
  private static final HttpString REASON = new HttpString(LocalReply.HEADER);

  private final LocalReply reply;

  RefusalHandler(LocalReply reply) {
    this.reply = reply;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    exchange.setStatusCode(reply.status());
    exchange.getResponseHeaders().put(REASON, reply.headerValue());
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain;charset=utf-8");
    exchange.getResponseSender().send(reply.body());
  }
}
