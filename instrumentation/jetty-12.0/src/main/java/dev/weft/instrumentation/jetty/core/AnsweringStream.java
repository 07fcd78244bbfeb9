package dev.weft.instrumentation.jetty.core;

import dev.weft.dataplane.inbound.AnswerEdits;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpStream;

/** Writes headers of the mesh over those of the application, when an answer is committed. */
final class AnsweringStream extends HttpStream.Wrapper {
  private final AnswerEdits edits;

  AnsweringStream(HttpStream stream, AnswerEdits edits) {
    super(stream);
    this.edits = edits;
  }

  @Override
  public void prepareResponse(HttpFields.Mutable fields) {
    edits.write(fields::put, fields::add);
    super.prepareResponse(fields);
  }
}
