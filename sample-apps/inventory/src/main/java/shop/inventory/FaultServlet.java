package shop.inventory;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Makes this instance fail on purpose: {@code POST /admin/fault?rate=0.33}. {@code GET} tells how
 * many calls for stock it saw.
 */
final class FaultServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final AtomicLong SEEN = new AtomicLong();
  private static volatile double rate;

  /** Counts a call, and tells whether it is to fail. */
  static boolean fails() {
    SEEN.incrementAndGet();
    return ThreadLocalRandom.current().nextDouble() < rate;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.getWriter().print(SEEN.get());
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
