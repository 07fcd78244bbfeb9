package probe;

import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** An application on Reactor Netty that takes HTTP/2 in plaintext, too. */
public final class ReactorNettyProbe {
  private ReactorNettyProbe() {}

  /**
   * Runs until the process is ended.
   *
   * @param args the instance's name and the port (0 for any)
   */
  public static void main(String[] args) {
    String name = args[0];
    DisposableServer server =
        HttpServer.create()
            .port(Integer.parseInt(args[1]))
            .protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
            .handle(echo(name))
            .bindNow();
    System.out.println("probe " + name + " listening on " + server.port());
    System.out.flush();
    server.onDispose().block();
  }

  /** Answers with what it received. */
  static BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> echo(String name) {
    return (request, response) ->
        response.sendString(
            request
                .receive()
                .asByteArray()
                .map(part -> part.length)
                .reduce(0, Integer::sum)
                .map(size -> text(name, request, size)));
  }

  private static String text(String name, HttpServerRequest request, int size) {
    return "instance="
        + name
        + "\nuri="
        + request.fullPath()
        + "\nbody="
        + size
        + "\nscheme="
        + request.scheme()
        + "\nheader.host="
        + request.requestHeaders().get("Host")
        + "\n";
  }
}
