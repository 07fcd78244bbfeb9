package shop.storefront;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The shop's page of one order; it asks the orders service as shops did in 2012. */
public final class ShopServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String order = request.getParameter("order");
    String id = order == null ? "1" : order.replaceAll("[^A-Za-z0-9-]", "");
    String base = System.getProperty("orders.url", "http://orders:8082");
    HttpURLConnection call = (HttpURLConnection) new URL(base + "/orders/" + id).openConnection();
    call.setConnectTimeout(2000);
    call.setReadTimeout(10000);
    int status = call.getResponseCode();
    InputStream in = status < 400 ? call.getInputStream() : call.getErrorStream();
    response.setStatus(status);
    response.setContentType("application/json");
    response.getWriter().print("{\"shop\":" + (in == null ? "null" : read(in)) + "}");
  }

  private static String read(InputStream in) throws IOException {
    try (InputStream from = in) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      return bytes.toString("UTF-8");
    }
  }
}
