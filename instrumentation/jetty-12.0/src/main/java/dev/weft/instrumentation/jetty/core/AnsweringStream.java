package dev.weft.instrumentation.jetty.core;

import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpStream;

/** Writes headers of the mesh over those of the application, when an answer is committed. */
final class AnsweringStream extends HttpStream.Wrapper {
  private final Map<String, String> headers;

  AnsweringStream(HttpStream stream, Map<String, String> headers) {
    super(stream);
    this.headers = headers;
  }

  @Override
  public void prepareResponse(HttpFields.Mutable fields) {
    headers.forEach(fields::put);
    super.prepareResponse(fields);
  }
}
