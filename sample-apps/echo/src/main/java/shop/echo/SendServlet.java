package shop.echo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Sends a request and answers with what came back: {@code
 * /send?client=huc&method=GET&url=http://echo/&header=Name: value}.
 */
final class SendServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String method = request.getParameter("method");
    String[] written = request.getParameterValues("header");
    List<String[]> headers = new ArrayList<>();
    for (String header : written == null ? new String[0] : written) {
      headers.add(header.split(": ?", 2));
    }
    response.setContentType("application/json");
    try {
      Client.Answer answer =
          Client.valueOf(request.getParameter("client").toUpperCase(Locale.ROOT))
              .send(method == null ? "GET" : method, request.getParameter("url"), headers);
      response
          .getWriter()
          .print(
              new Json()
                  .number("status", answer.status)
                  .texts("headers", answer.headers)
                  .text("body", answer.body));
    } catch (IOException e) {
      response.getWriter().print(new Json().number("status", 0).text("error", e.toString()));
    }
  }
}
