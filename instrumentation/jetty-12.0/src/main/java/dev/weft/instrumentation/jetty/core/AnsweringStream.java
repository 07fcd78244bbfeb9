package dev.weft.instrumentation.jetty.core;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpStream;

/** Writes headers of the mesh over those of the application, when an answer is committed. */
final class AnsweringStream extends HttpStream.Wrapper {
  private final AnswerFields answer;

  AnsweringStream(HttpStream stream, AnswerFields answer) {
    super(stream);
    this.answer = answer;
  }

  @Override
  public void prepareResponse(HttpFields.Mutable fields) {
    answer.write(fields);
    super.prepareResponse(fields);
  }
}
