package dev.weft.instrumentation.jetty;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.HttpOutput;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes headers of the mesh over those of the application, with the first write that gets to the
 * connection: it is what commits an answer. Jetty forgets its interceptors with each request.
 */
final class AnswerFields implements HttpOutput.Interceptor {
  private final Response response;
  private final HttpOutput.Interceptor next;
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final Map<String, List<String>> more = new LinkedHashMap<>();
  private boolean written;

  private AnswerFields(Response response, HttpOutput.Interceptor next) {
    this.response = response;
    this.next = next;
  }

  static AnswerFields of(Response response) {
    HttpOutput output = response.getHttpOutput();
    AnswerFields answer = new AnswerFields(response, output.getInterceptor());
    output.setInterceptor(answer);
    return answer;
  }

  void set(String name, String value) {
    fields.put(name, value);
  }

  void add(String name, String value) {
    more.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
  }

  @Override
  public void write(ByteBuffer content, boolean last, Callback callback) {
    if (!written) {
      written = true;
      fields.forEach(response::setHeader);
      more.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    }
    next.write(content, last, callback);
  }

  @Override
  public HttpOutput.Interceptor getNextInterceptor() {
    return next;
  }

  /** Only Jetty 9.4 asks. */
  @Override
  public boolean isOptimizedForDirectBuffers() {
    return next.isOptimizedForDirectBuffers();
  }
}
