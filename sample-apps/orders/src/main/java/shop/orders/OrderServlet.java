package shop.orders;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Shows an order with the stock of its article, which the inventory service knows. */
final class OrderServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final String inventory;
  private final transient CloseableHttpClient client =
      HttpClients.custom().setMaxConnPerRoute(50).setMaxConnTotal(200).build();

  OrderServlet(String inventory) {
    this.inventory = inventory;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String id =
        request.getPathInfo() == null
            ? "0"
            : request.getPathInfo().substring(1).replaceAll("[^A-Za-z0-9-]", "");
    try (CloseableHttpResponse stock =
        client.execute(new HttpGet(inventory + "/stock/article-" + id))) {
      int status = stock.getStatusLine().getStatusCode();
      String body = EntityUtils.toString(stock.getEntity());
      response.setStatus(status == 200 ? 200 : 502);
      response.setContentType("application/json");
      response
          .getWriter()
          .print(
              status == 200
                  ? "{\"order\":\"" + id + "\",\"stock\":" + body + "}"
                  : "{\"order\":\"" + id + "\",\"error\":\"inventory answered " + status + "\"}");
    }
  }

  @Override
  public void destroy() {
    try {
      client.close();
    } catch (IOException e) {
      log("closing the HTTP client", e);
    }
  }
}
