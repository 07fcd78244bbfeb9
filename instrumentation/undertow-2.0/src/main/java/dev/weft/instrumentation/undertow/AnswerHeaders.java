package dev.weft.instrumentation.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.ResponseCommitListener;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes headers of the mesh over those of the application, just before an answer goes out. */
final class AnswerHeaders implements ResponseCommitListener {
  private final Map<HttpString, String> headers = new LinkedHashMap<>();
  private final HeaderMap more = new HeaderMap();

  void set(String name, String value) {
    headers.put(new HttpString(name), value);
  }

  void add(String name, String value) {
    more.add(new HttpString(name), value);
  }

  @Override
  public void beforeCommit(HttpServerExchange exchange) {
    HeaderMap written = exchange.getResponseHeaders();
    headers.forEach(written::put);
    for (HeaderValues values : more) {
      written.addAll(values.getHeaderName(), values);
    }
  }
}
