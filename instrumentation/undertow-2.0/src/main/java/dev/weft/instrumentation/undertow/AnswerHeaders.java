package dev.weft.instrumentation.undertow;

import dev.weft.dataplane.inbound.AnswerEdits;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ResponseCommitListener;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;

/** Writes headers of the mesh over those of the application, just before an answer goes out. */
final class AnswerHeaders implements ResponseCommitListener {
  private final AnswerEdits edits;

  AnswerHeaders(AnswerEdits edits) {
    this.edits = edits;
  }

  @Override
  public void beforeCommit(HttpServerExchange exchange) {
    HeaderMap written = exchange.getResponseHeaders();
    edits.write(
        (name, value) -> written.put(new HttpString(name), value),
        (name, value) -> written.add(new HttpString(name), value));
  }
}
