package shop.echo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Answers with path, host, method and headers of the request, and who answers. */
final class EchoServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final String name;

  EchoServlet(String name) {
    this.name = name;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String query = request.getQueryString();
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header : Collections.list(request.getHeaderNames())) {
      List<String> values = new ArrayList<>(Collections.list(request.getHeaders(header)));
      headers.put(header, values);
    }
    response.setContentType("application/json");
    response
        .getWriter()
        .print(
            new Json()
                .text("pod", name)
                .text("path", request.getRequestURI() + (query == null ? "" : "?" + query))
                .text("host", request.getHeader("host"))
                .text("method", request.getMethod())
                .text("proto", request.getProtocol())
                .texts("headers", headers));
  }
}
