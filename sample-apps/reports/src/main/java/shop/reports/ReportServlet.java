package shop.reports;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reports the stock of three articles, asked of the inventory service at the same time. */
final class ReportServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final String inventory;
  private final transient HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  ReportServlet(String inventory) {
    this.inventory = inventory;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (String article : new String[] {"article-1", "article-2", "article-3"}) {
      HttpRequest ask =
          HttpRequest.newBuilder(URI.create(inventory + "/stock/" + article))
              .timeout(Duration.ofSeconds(5))
              .build();
      answers.add(client.sendAsync(ask, HttpResponse.BodyHandlers.ofString()));
    }
    List<String> lines = new ArrayList<>();
    int worst = 200;
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      HttpResponse<String> stock = answer.join();
      worst = Math.max(worst, stock.statusCode());
      lines.add(
          stock.statusCode() == 200
              ? stock.body()
              : "{\"error\":\"inventory answered " + stock.statusCode() + "\"}");
    }
    response.setStatus(worst == 200 ? 200 : 502);
    response.setContentType("application/json");
    response.getWriter().print("[" + String.join(",", lines) + "]");
  }
}
