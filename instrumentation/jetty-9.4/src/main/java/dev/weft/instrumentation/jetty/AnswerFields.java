package dev.weft.instrumentation.jetty;

import dev.weft.dataplane.inbound.AnswerEdits;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.HttpOutput;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes headers of the mesh over those of the application, with the first write that gets to the
 * connection: it is what commits an answer. Jetty forgets its interceptors with each request.
 */
final class AnswerFields extends PassingInterceptor {
  private final Response response;
  private final AnswerEdits edits = new AnswerEdits();
  private boolean written;

  private AnswerFields(Response response, HttpOutput.Interceptor next) {
    super(next);
    this.response = response;
  }

  /** The edits of an answer, which is to be asked for once. */
  static AnswerEdits of(Response response) {
    HttpOutput output = response.getHttpOutput();
    AnswerFields answer = new AnswerFields(response, output.getInterceptor());
    output.setInterceptor(answer);
    return answer.edits;
  }

  @Override
  public void write(ByteBuffer content, boolean last, Callback callback) {
    if (!written) {
      written = true;
      edits.write(response::setHeader, response::addHeader);
    }
    super.write(content, last, callback);
  }
}
