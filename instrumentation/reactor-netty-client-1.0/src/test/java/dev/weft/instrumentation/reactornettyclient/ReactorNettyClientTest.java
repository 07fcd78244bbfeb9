package dev.weft.instrumentation.reactornettyclient;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.WebSocketReply;
import dev.weft.instrumentation.testing.WovenClientTest;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.ByteBufMono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** What is this library's own, beyond the contract. */
@Timeout(30)
class ReactorNettyClientTest extends WovenClientTest {

  ReactorNettyClientTest() {
    super(new ReactorNettyClientModule());
  }

  private static String get(HttpClient client, String url) {
    return client.get().uri(url).responseContent().aggregate().asString().block();
  }

  @Test
  void baseUrlAndHostOfTheClientNameTheService() {
    assertThat(get(HttpClient.create().baseUrl("http://orders:8080/api"), "/x")).isEqualTo("hello");
    assertThat(orders.last().target()).isEqualTo("/api/x");
    assertThat(get(HttpClient.create().host("orders").port(8080), "/y")).isEqualTo("hello");
    assertThat(orders.last().header("Host")).isEqualTo("orders:8080");
    assertThat(orders.last().peer()).isEqualTo("CN=caller");
  }

  @Test
  void webSocketIsSecured() {
    orders.answering(WebSocketReply::hiAndGoodbye);
    String heard =
        HttpClient.create()
            .websocket()
            .uri("ws://orders:8080/ws")
            .handle((in, out) -> in.receive().asString())
            .blockFirst(Duration.ofSeconds(10));
    assertThat(heard).isEqualTo("hi");
    assertThat(orders.last().peer()).isEqualTo("CN=caller");
    assertThat(orders.last().target()).isEqualTo("/ws");
  }

  @Test
  void clientForHttp2SpeaksHttp1ToInstances() {
    HttpClient both = HttpClient.create().protocol(HttpProtocol.HTTP11, HttpProtocol.H2C);
    HttpClient prior = HttpClient.create().protocol(HttpProtocol.H2C);
    for (HttpClient client : List.of(both, prior)) {
      assertThat(get(client, "http://orders/")).isEqualTo("hello");
      assertThat(orders.last().header("Upgrade")).isNull();
      assertThat(orders.last().peer()).isEqualTo("CN=caller");
    }
  }

  @Test
  void clientWithoutAPoolConnectsForEachCall() {
    HttpClient client = HttpClient.newConnection();
    for (int i = 1; i <= 3; i++) {
      assertThat(get(client, "http://orders/")).isEqualTo("hello");
      assertThat(orders.connections()).isEqualTo(i);
    }
    await().until(() -> orders.openConnections() == 0);
  }

  @Test
  void callbacksOfTheApplicationAreCalledAsEver() {
    List<String> told = new CopyOnWriteArrayList<>();
    HttpClient client =
        HttpClient.create()
            .doOnRequest((request, connection) -> told.add("request " + request.uri()))
            .doOnResponse((response, connection) -> told.add("response " + response.status()))
            .doAfterResponseSuccess((response, connection) -> told.add("after"));
    orders.answering(
        r -> Reply.of(orders.requests().size() == 1 ? 503 : 200, "text").with("X-A", "b"));
    assertThat(get(client, "http://orders/x")).isEqualTo("text");
    // The end of a response reaches the application before its own callback does.
    await().until(() -> told.contains("after"));
    assertThat(told)
        .as("two attempts, one response")
        .containsExactly("request /x", "request /x", "response 200 Status", "after");
  }

  @Test
  void bodyIsSubscribedToOnceForAllAttempts() {
    AtomicInteger subscribed = new AtomicInteger();
    orders.answering(r -> Reply.of(orders.requests().size() == 1 ? 503 : 200, r.body()));
    Mono<String> text = Mono.fromSupplier(() -> "the body, number " + subscribed.incrementAndGet());
    String answer =
        HttpClient.create()
            .put()
            .uri("http://orders/")
            .send(ByteBufMono.fromString(text))
            .responseContent()
            .aggregate()
            .asString()
            .block();
    assertThat(answer).isEqualTo("the body, number 1");
    assertThat(orders.requests())
        .hasSize(2)
        .allMatch(r -> new String(r.body()).equals("the body, number 1"));
    assertThat(orders.requests().get(1).header("Content-Length")).isEqualTo("18");
    assertThat(subscribed).hasValue(1);
  }

  @Test
  void responseIsStreamedWithBackPressure() {
    byte[] big = new byte[1 << 22];
    orders.answering(r -> Reply.of(200, big).chunked());
    Long length =
        HttpClient.create()
            .get()
            .uri("http://orders/")
            .response((response, content) -> content.asByteArray())
            .limitRate(1)
            .delayElements(Duration.ofNanos(1000))
            .map(bytes -> (long) bytes.length)
            .reduce(Long::sum)
            .block();
    assertThat(length).isEqualTo(big.length);
  }

  @Test
  void cancelledWhileTheMeshWaits() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    orders.answering(
        r ->
            Reply.of(200, "late")
                .after(
                    () -> {
                      arrived.countDown();
                      try {
                        release.await(20, TimeUnit.SECONDS);
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    }));
    reactor.core.Disposable call =
        HttpClient.create().get().uri("http://orders/").response().subscribe();
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    call.dispose();
    release.countDown();
    await().until(() -> orders.openConnections() == 0);
    assertThat(orders.requests()).hasSize(1);
  }

  @Test
  void noThreadOfTheAgentCallsTheApplication() {
    orders.answering(r -> Reply.of(orders.requests().size() < 3 ? 503 : 200, "text"));
    List<String> threads = new CopyOnWriteArrayList<>();
    HttpClient client =
        HttpClient.create()
            .doOnRequest((request, connection) -> threads.add(Thread.currentThread().getName()));
    client
        .request(HttpMethod.PUT)
        .uri("http://orders/")
        .send(
            ByteBufFlux.fromString(
                Flux.just("a", "b").doOnNext(s -> threads.add(Thread.currentThread().getName()))))
        .response()
        .doOnNext(r -> threads.add(Thread.currentThread().getName()))
        .block();
    assertThat(threads).isNotEmpty().noneMatch(name -> name.startsWith("mesh-"));
  }

  @Test
  void limitOfAPoolForARemoteHostIsNotThatOfAService() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    orders.answering(r -> Reply.of(200, "hello").after(() -> awaitQuietly(release)));
    ConnectionProvider.Builder pool = ConnectionProvider.builder("limited");
    pool.forRemoteHost(
        InetSocketAddress.createUnresolved("orders", 80), spec -> spec.maxConnections(1));
    ConnectionProvider provider = pool.build();
    Mono<String> call =
        HttpClient.create(provider)
            .get()
            .uri("http://orders/")
            .responseContent()
            .aggregate()
            .asString();
    try {
      CompletableFuture<String> first = call.toFuture();
      CompletableFuture<String> second = call.toFuture();
      await().until(() -> orders.requests().size() == 2);
      release.countDown();
      assertThat(first.get() + second.get()).isEqualTo("hellohello");
    } finally {
      release.countDown();
      provider.dispose();
    }
  }

  /** The route is chosen before the library has a connection to set headers for. */
  @Test
  void routesSeeHeadersOfTheClientButNotThoseSetWhileSending() throws Exception {
    RouteMatch canary =
        RouteMatch.builder().headers(Map.of("x-canary", StringMatch.exact("yes"))).build();
    HeaderEdits edits =
        HeaderEdits.builder()
            .response(HeaderEdits.Edits.of(Map.of("x-route", "canary"), Map.of(), List.of()))
            .build();
    Route marked =
        Route.builder()
            .name("canary")
            .matches(List.of(canary))
            .headers(edits)
            .backends(List.of(to("orders.shop.svc.cluster.local")))
            .build();
    Route others =
        Route.builder()
            .name("others")
            .backends(List.of(to("orders.shop.svc.cluster.local")))
            .build();
    mesh.clear().service("orders", s -> s.routes(List.of(marked, others)), orders).apply();
    HttpClient client = HttpClient.create();
    assertThat(routeOf(client.headers(h -> h.set("x-canary", "yes")).get().uri("http://orders/")))
        .isEqualTo("canary");
    assertThat(
            routeOf(
                client
                    .post()
                    .uri("http://orders/")
                    .send(
                        (request, out) -> {
                          request.header("x-canary", "yes");
                          return out;
                        })))
        .isEqualTo("none");
    assertThat(orders.last().header("x-canary")).isEqualTo("yes");
  }

  private static Backend to(String host) {
    return Backend.builder().host(host).weight(1).build();
  }

  private static String routeOf(HttpClient.ResponseReceiver<?> call) {
    return requireNonNull(
        call.response().map(r -> r.responseHeaders().get("x-route", "none")).block());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void tlsThatCannotBeBegunIsAnSslException() {
    harness.close();
    TestMesh without = TestMesh.withoutIdentity();
    without.service("orders", orders).apply();
    harness = WeavingHarness.install(without.dataPlane(), new ReactorNettyClientModule());
    assertThatThrownBy(() -> get(HttpClient.create(), "http://orders/"))
        .hasCauseInstanceOf(SSLException.class);
    assertThat(orders.requests()).isEmpty();
  }

  @Test
  void resetOfAFreshConnectionIsThePolicysToRepeat() {
    orders.answering(r -> Reply.hangUp());
    assertThatThrownBy(
            () ->
                HttpClient.create()
                    .post()
                    .uri("http://orders/")
                    .send(ByteBufMono.fromString(Mono.just("x")))
                    .response()
                    .block())
        .hasRootCauseInstanceOf(java.io.IOException.class);
    assertThat(orders.requests()).hasSize(1);
  }
}
