package shop.inventory;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Answers how many pieces of an article are in stock; version v2 also tells the warehouse. */
final class StockServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String PROCESS = ManagementFactory.getRuntimeMXBean().getName();

  private final String version;

  StockServlet(String version) {
    this.version = version;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (FaultServlet.fails()) {
      response.setStatus(503);
      response.getWriter().print("database unavailable");
      return;
    }
    String article = request.getPathInfo() == null ? "" : request.getPathInfo().substring(1);
    int pieces = Math.floorMod(article.hashCode(), 100);
    response.setContentType("application/json");
    response
        .getWriter()
        .print(
            "{\"article\":\""
                + article.replaceAll("[^A-Za-z0-9-]", "")
                + "\",\"pieces\":"
                + pieces
                + ("v2".equals(version) ? ",\"warehouse\":\"north\"" : "")
                + ",\"version\":\""
                + version
                + "\",\"process\":\""
                + PROCESS
                + "\"}");
  }
}
