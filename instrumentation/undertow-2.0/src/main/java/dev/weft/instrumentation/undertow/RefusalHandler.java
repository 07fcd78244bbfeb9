package dev.weft.instrumentation.undertow;

import dev.weft.dataplane.filter.LocalReply;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Answers a request in place of the application. Never blocks. */
final class RefusalHandler implements HttpHandler {
  private final LocalReply reply;

  RefusalHandler(LocalReply reply) {
    this.reply = reply;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    exchange.setStatusCode(reply.status());
    for (Map.Entry<String, List<String>> header : reply.headers().entrySet()) {
      exchange.getResponseHeaders().putAll(new HttpString(header.getKey()), header.getValue());
    }
    exchange.getResponseSender().send(ByteBuffer.wrap(reply.content()));
  }
}
