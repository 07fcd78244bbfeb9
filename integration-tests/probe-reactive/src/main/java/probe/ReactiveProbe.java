package probe;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * An application on Reactor Netty, as one on Spring WebFlux is, that calls others without a thread
 * that waits. It takes what {@code CallServlet} does, and {@code within}, the milliseconds after
 * which it gives up. {@code /never} is not answered.
 */
public final class ReactiveProbe {
  private ReactiveProbe() {}

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
            .route(
                routes ->
                    routes
                        .get("/call", ReactiveProbe::call)
                        .get("/never", (request, response) -> Mono.never())
                        .route(request -> true, ReactorNettyProbe.echo(name)))
            .bindNow();
    System.out.println("probe " + name + " listening on " + server.port());
    System.out.flush();
    server.onDispose().block();
  }

  private static Publisher<Void> call(HttpServerRequest request, HttpServerResponse response) {
    Map<String, List<String>> query = new QueryStringDecoder(request.uri()).parameters();
    Mono<Caller.Answer> call =
        ReactiveCaller.of(query.get("client").get(0)).call(query.get("url").get(0));
    int within = Integer.parseInt(query.getOrDefault("within", List.of("0")).get(0));
    if (within > 0) {
      call = call.timeout(Duration.ofMillis(within));
    }
    return call.map(
            answer -> {
              response.header("x-call-status", String.valueOf(answer.status));
              if (query.containsKey("through")) {
                response.status(answer.status);
              }
              return answer.text;
            })
        .onErrorResume(
            failure -> {
              response.header("x-call-error", failure.getClass().getName());
              return Mono.just(String.valueOf(failure));
            })
        .flatMap(text -> response.sendString(Mono.just(text)).then());
  }
}
