package probe;

import java.io.IOException;
import java.util.Collections;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Answers with what it received; may fail on purpose (see {@link FaultServlet}). */
final class EchoServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final String name;

  EchoServlet(String name) {
    this.name = name;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    FaultServlet.served();
    int size = 0;
    byte[] buffer = new byte[8192];
    for (int n = request.getInputStream().read(buffer);
        n >= 0;
        n = request.getInputStream().read(buffer)) {
      size += n;
    }
    response.setHeader("x-instance", name);
    if (FaultServlet.fails()) {
      response.setStatus(503);
      response.getWriter().print("failing on purpose");
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append("instance=").append(name).append('\n');
    text.append("method=").append(request.getMethod()).append('\n');
    text.append("uri=").append(request.getRequestURI()).append('\n');
    text.append("query=").append(request.getQueryString()).append('\n');
    text.append("scheme=").append(request.getScheme()).append('\n');
    text.append("secure=").append(request.isSecure()).append('\n');
    text.append("protocol=").append(request.getProtocol()).append('\n');
    text.append("body=").append(size).append('\n');
    for (String header : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(header))) {
        text.append("header.").append(header.toLowerCase(java.util.Locale.ROOT));
        text.append('=').append(value).append('\n');
      }
    }
    response.setContentType("text/plain");
    response.getWriter().print(text);
  }
}
