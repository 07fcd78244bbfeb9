package dev.weft.instrumentation.springwebclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.reactornettyclient.ReactorNettyClientModule;
import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.SpringVersion;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** Routes by headers hold for {@code WebClient}, whose client sets them after it has connected. */
@Timeout(30)
class WebClientTest {
  /** In use before the library is woven, as when attached. */
  private final WebClient client = WebClient.create();

  private final TestMesh mesh = TestMesh.create();
  private WeavingHarness harness;
  private TestInstance orders;
  private TestInstance canary;

  @BeforeEach
  void weave() throws Exception {
    orders = TestInstance.secured("orders", mesh.authority().serverContext("orders"));
    canary = TestInstance.secured("canary", mesh.authority().serverContext("canary"));
    canary.answering(r -> Reply.of(200, "canary"));
    mesh.service("canary", canary);
    routes(Map.of("x-canary", StringMatch.exact("yes")), HeaderEdits.builder().build());
    harness =
        WeavingHarness.install(
            mesh.dataPlane(), new WebClientModule(), new ReactorNettyClientModule());
  }

  @AfterEach
  void unweave() {
    harness.close();
    canary.close();
    orders.close();
  }

  /** What has these headers goes to the canary, the rest to orders. */
  private void routes(Map<String, StringMatch> headers, HeaderEdits edits) {
    Route marked =
        route("marked", "canary")
            .matches(List.of(RouteMatch.builder().headers(headers).build()))
            .headers(edits)
            .build();
    List<Route> routes = List.of(marked, route("others", "orders").build());
    mesh.clear().service("canary", canary).service("orders", s -> s.routes(routes), orders).apply();
  }

  private static Route.Builder route(String name, String service) {
    String host = service + ".shop.svc.cluster.local";
    return Route.builder()
        .name(name)
        .backends(List.of(Backend.builder().host(host).weight(1).build()));
  }

  private static String text(WebClient.RequestHeadersSpec<?> request) {
    return String.valueOf(request.retrieve().bodyToMono(String.class).block());
  }

  private WebClient.RequestHeadersSpec<?> get() {
    return client.get().uri("http://orders/x");
  }

  @Test
  void isOfTheVersionStated() {
    assertThat(SpringVersion.getVersion()).isEqualTo(System.getProperty("weft.test.spring"));
    assertThat(harness.report()).allSatisfy(e -> assertThat(e.state()).isEqualTo("applied"));
  }

  @Test
  void routesSeeHeadersOfARequestAndOfItsClient() {
    assertThat(text(get())).isEqualTo("hello");
    assertThat(text(get().header("X-Canary", "yes"))).isEqualTo("canary");
    assertThat(text(get().header("X-Canary", "no"))).isEqualTo("hello");
    WebClient marked = client.mutate().defaultHeader("x-canary", "yes").build();
    assertThat(text(marked.post().uri("http://orders/x").bodyValue("a body"))).isEqualTo("canary");
    assertThat(canary.last().header("x-canary")).isEqualTo("yes");
    assertThat(canary.last().peer()).isEqualTo("CN=caller");
    assertThat(canary.last().body()).isEqualTo("a body".getBytes());
  }

  @Test
  void routesSeeHeadersThatAFilterAdds() {
    WebClient filtered =
        client
            .mutate()
            .filter(
                (request, next) ->
                    next.exchange(ClientRequest.from(request).header("x-canary", "yes").build()))
            .build();
    assertThat(text(filtered.get().uri("http://orders/x"))).isEqualTo("canary");
  }

  @Test
  void routesSeeCookies() {
    routes(
        Map.of("cookie", StringMatch.regex("(.*; )?group=b(;.*)?")), HeaderEdits.builder().build());
    assertThat(text(get().cookie("group", "a"))).isEqualTo("hello");
    assertThat(text(get().cookie("id", "1").cookie("group", "b"))).isEqualTo("canary");
    assertThat(text(get().header("Cookie", "x=y").cookie("group", "b"))).isEqualTo("canary");
  }

  @Test
  void headersAreWrittenOnceAndEditsHold() {
    HeaderEdits.Edits edits =
        HeaderEdits.Edits.of(Map.of("x-set", "mesh"), Map.of("x-add", "mesh"), List.of("x-gone"));
    routes(
        Map.of("x-canary", StringMatch.exact("yes")), HeaderEdits.builder().request(edits).build());
    canary.answering(r -> Reply.of(canary.requests().size() == 1 ? 503 : 200, "canary"));
    String answer =
        text(
            get()
                .header("x-canary", "yes")
                .header("x-set", "own")
                .header("x-add", "own")
                .header("x-gone", "own"));
    assertThat(answer).isEqualTo("canary");
    assertThat(canary.requests())
        .as("a call and its repetition")
        .hasSize(2)
        .allSatisfy(
            r -> {
              assertThat(values(r, "x-canary")).containsExactly("yes");
              assertThat(values(r, "x-set")).containsExactly("mesh");
              assertThat(values(r, "x-add")).containsExactly("own", "mesh");
              assertThat(values(r, "x-gone")).isEmpty();
            });
  }

  @Test
  void headerOfTheClientBelowIsTheOneThatIsReplaced() {
    HttpClient below = HttpClient.create().headers(h -> h.set("x-canary", "yes"));
    WebClient above =
        WebClient.builder().clientConnector(new ReactorClientHttpConnector(below)).build();
    assertThat(text(above.get().uri("http://orders/x"))).isEqualTo("canary");
    assertThat(text(above.get().uri("http://orders/x").header("x-canary", "no")))
        .isEqualTo("hello");
    assertThat(orders.last().header("x-canary")).isEqualTo("no");
  }

  @Test
  void eachSubscriptionIsACallOfItsOwn() {
    Mono<String> call = get().header("x-canary", "yes").retrieve().bodyToMono(String.class);
    assertThat(call.block()).isEqualTo("canary");
    assertThat(call.block()).isEqualTo("canary");
    assertThat(canary.requests()).hasSize(2);
  }

  @Test
  void callForTheBodyIsNotRoutedByTheHeadersOfItsRequest() {
    Mono<String> body =
        HttpClient.create()
            .get()
            .uri("http://orders/body")
            .responseContent()
            .aggregate()
            .asString();
    String answer =
        text(
            client
                .post()
                .uri("http://orders/x")
                .header("x-canary", "yes")
                .body(BodyInserters.fromPublisher(body, String.class)));
    assertThat(answer).isEqualTo("canary");
    assertThat(new String(canary.last().body())).isEqualTo("hello");
    assertThat(orders.last().target()).isEqualTo("/body");
  }

  @Test
  void redirectIsRoutedByTheSameHeaders() {
    HttpClient below = HttpClient.create().followRedirect(true);
    WebClient above =
        WebClient.builder().clientConnector(new ReactorClientHttpConnector(below)).build();
    canary.answering(
        r ->
            r.target().equals("/x")
                ? Reply.of(302, "").with("Location", "http://orders/y")
                : Reply.of(200, "canary at " + r.target()));
    assertThat(text(above.get().uri("http://orders/x").header("x-canary", "yes")))
        .isEqualTo("canary at /y");
  }

  @Test
  void callIsMadeWithoutThemWhenTheHookFails() {
    harness.breakHook("dev.weft.instrumentation.springwebclient.ExchangeHook");
    assertThat(text(get().header("x-canary", "yes"))).isEqualTo("hello");
    assertThat(orders.last().header("x-canary")).isEqualTo("yes");
  }

  private static List<String> values(TestInstance.Received request, String name) {
    return request.headers().stream()
        .filter(h -> h.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .toList();
  }
}
