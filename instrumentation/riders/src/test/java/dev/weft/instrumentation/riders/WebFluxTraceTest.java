package dev.weft.instrumentation.riders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.reactornettyclient.ReactorNettyClientModule;
import dev.weft.instrumentation.reactornettyserver.ReactorNettyServerModule;
import dev.weft.instrumentation.reactornettyserver.ReactorNettyTransportModule;
import dev.weft.instrumentation.testing.TestInstance;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * A WebFlux application carries on the trace and the deadline of the request it serves, whichever
 * thread its calls are made on.
 */
@Timeout(60)
class WebFluxTraceTest {
  private static final String DEADLINE = "x-envoy-expected-rq-timeout-ms";

  private final WebClient client = WebClient.create();
  private Rig rig;
  private DisposableServer server;

  @BeforeEach
  void serve() throws Exception {
    rig =
        new Rig(
            new ReactorNettyServerModule(),
            new ReactorNettyTransportModule(),
            new ReactorNettyClientModule());
    rig.goodOnly();
    RouterFunction<ServerResponse> routes =
        RouterFunctions.route(RequestPredicates.path("/at-once"), request -> answer(ask("/0")))
            .andRoute(
                RequestPredicates.path("/elsewhere"),
                request -> answer(Mono.defer(() -> ask("/1")).subscribeOn(Schedulers.parallel())))
            .andRoute(
                RequestPredicates.path("/later"),
                request ->
                    answer(Mono.delay(Duration.ofMillis(20)).flatMap(n -> ask("/2")).retry(1)))
            .andRoute(RequestPredicates.path("/with-body"), this::withBody);
    server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes)))
            .bindNow();
  }

  @AfterEach
  void stop() {
    server.disposeNow();
    rig.close();
  }

  private Mono<ServerResponse> withBody(ServerRequest request) {
    return answer(
        request
            .bodyToMono(String.class)
            .publishOn(Schedulers.boundedElastic())
            .flatMap(body -> Mono.zip(ask("/3?" + body), ask("/4?" + body)))
            .map(both -> both.getT1() + both.getT2()));
  }

  private Mono<String> ask(String path) {
    return client.get().uri("http://orders" + path).retrieve().bodyToMono(String.class);
  }

  private static Mono<ServerResponse> answer(Mono<String> text) {
    return text.flatMap(found -> ServerResponse.ok().bodyValue(found));
  }

  private String trace(int number) {
    return "0af7651916cd43dd8448eb211c80319" + number;
  }

  private String call(String path, int number) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + server.port() + path).toURL().openConnection();
    connection.setRequestProperty("traceparent", "00-" + trace(number) + "-b7ad6b7169203331-01");
    connection.setRequestProperty(DEADLINE, "20000");
    if (path.equals("/with-body")) {
      connection.setDoOutput(true);
      connection.getOutputStream().write("body".getBytes(StandardCharsets.US_ASCII));
    }
    return new String(connection.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/at-once", "/elsewhere", "/later", "/with-body"})
  void callsAreOfTheTraceOfTheRequest(String path) throws Exception {
    for (int i = 0; i < 3; i++) {
      int before = rig.good().requests().size();
      assertThat(call(path, i)).startsWith("hello");
      String trace = trace(i);
      assertThat(rig.good().requests())
          .hasSizeGreaterThan(before)
          .filteredOn(r -> rig.good().requests().indexOf(r) >= before)
          .allSatisfy(r -> assertThat(r.header("traceparent")).startsWith("00-" + trace))
          .allSatisfy(r -> assertThat(remaining(r)).isBetween(1, 20_000));
    }
  }

  private static int remaining(TestInstance.Received request) {
    String header = request.header(DEADLINE);
    return header == null ? 0 : Integer.parseInt(header);
  }

  @Test
  void traceIsLostButNotTheCallWhenAHookFails() throws Exception {
    rig.breakHook("dev.weft.instrumentation.reactornettyserver.SubscriberHook");
    assertThat(call("/elsewhere", 1)).startsWith("hello");
    assertThat(String.valueOf(rig.good().last().header("traceparent"))).doesNotContain(trace(1));
  }

  @Test
  void callsOfNoRequestAreOfNone() throws Exception {
    call("/elsewhere", 1);
    assertThat(ask("/5").block()).isEqualTo("hello");
    String sent = rig.good().last().header("traceparent");
    assertThat(sent == null || !sent.contains(trace(1))).isTrue();
  }
}
