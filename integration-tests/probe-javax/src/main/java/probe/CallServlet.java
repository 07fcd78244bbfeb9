package probe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * {@code /call?client=huc&url=http://orders/x[&method=POST&body=text]} makes one call; with {@code
 * through=1} its status is the answer's, too.
 */
final class CallServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String method = request.getParameter("method");
    String body = request.getParameter("body");
    response.setContentType("text/plain");
    try {
      Caller.Answer answer =
          Caller.of(request.getParameter("client"))
              .call(
                  method == null ? "GET" : method,
                  request.getParameter("url"),
                  body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
      response.setHeader("x-call-status", String.valueOf(answer.status));
      if (request.getParameter("through") != null) {
        response.setStatus(answer.status);
      }
      response.getWriter().print(answer.text);
    } catch (IOException | RuntimeException e) {
      response.setHeader("x-call-error", e.getClass().getName());
      response.getWriter().print(String.valueOf(e));
    }
  }
}
