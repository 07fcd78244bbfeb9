package probe;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** {@code /fault?rate=0.33} makes that share of the echoes fail; always answers how many it saw. */
final class FaultServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final AtomicLong SERVED = new AtomicLong();
  private static volatile double rate;

  static void served() {
    SERVED.incrementAndGet();
  }

  static boolean fails() {
    return rate > 0 && ThreadLocalRandom.current().nextDouble() < rate;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getParameter("rate") != null) {
      rate = Double.parseDouble(request.getParameter("rate"));
    }
    response.getWriter().print("served=" + SERVED.get());
  }
}
