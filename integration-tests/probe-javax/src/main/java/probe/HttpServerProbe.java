package probe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** An application on the Java runtime's own server, with the executor that it has by default. */
public final class HttpServerProbe {
  private HttpServerProbe() {}

  /**
   * Runs until the process is ended.
   *
   * @param args the instance's name and the port (0 for any)
   */
  public static void main(String[] args) throws Exception {
    String name = args[0];
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[1])), 0);
    server.createContext("/", exchange -> answer(name, exchange));
    server.start();
    System.out.println("probe " + name + " listening on " + server.getAddress().getPort());
    System.out.flush();
  }

  private static void answer(String name, HttpExchange exchange) throws IOException {
    int size = exchange.getRequestBody().readAllBytes().length;
    String text =
        "instance="
            + name
            + "\nuri="
            + exchange.getRequestURI().getPath()
            + "\nbody="
            + size
            + "\nheader.host="
            + exchange.getRequestHeaders().getFirst("Host")
            + "\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
