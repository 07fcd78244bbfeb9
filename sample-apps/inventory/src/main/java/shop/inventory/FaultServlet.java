package shop.inventory;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Makes this instance fail on purpose: {@code POST /admin/fault?rate=0.33}. */
final class FaultServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static volatile double rate;

  static double rate() {
    return rate;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      rate = Double.parseDouble(String.valueOf(request.getParameter("rate")));
    } catch (NumberFormatException e) {
      response.sendError(400, "rate is a number between 0 and 1");
      return;
    }
    response.getWriter().println("failing " + Math.round(rate * 100) + " % of calls");
  }
}
