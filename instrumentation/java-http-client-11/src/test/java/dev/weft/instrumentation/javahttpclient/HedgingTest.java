package dev.weft.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.Held;
import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Received;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.policy.snapshot.RetryBudget;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an application sees of two attempts at a time, and what they leave behind. */
@Timeout(60)
class HedgingTest {
  /** For two handshakes on a busy machine; what hangs takes all of it. */
  private static final Duration ENOUGH = Duration.ofMillis(1_500);

  private final TestMesh mesh = TestMesh.create();
  private final Held held = new Held();
  private final AtomicInteger arrivals = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger handled = new AtomicInteger();
  private List<TestInstance> instances;
  private WeavingHarness harness;

  @BeforeEach
  void start() throws IOException {
    instances = List.of(instance(), instance());
    apply(TrafficPolicy.builder().hedgeAfterMillis(30));
    harness = WeavingHarness.install(mesh.dataPlane(), new JavaHttpClientModule());
  }

  private TestInstance instance() throws IOException {
    return TestInstance.secured("orders", mesh.authority().serverContext("orders"))
        .answering(
            r -> hangs(r) ? Reply.of(200, "late").after(held::hang) : Reply.of(200, "hello"));
  }

  private void apply(TrafficPolicy.Builder policy) {
    mesh.clear()
        .service("orders", s -> s.trafficPolicy(policy.build()), instances.get(0), instances.get(1))
        .apply();
  }

  /** What a request says hangs: {@code first} attempt, {@code all}, or none. */
  private boolean hangs(Received request) {
    arrivals.incrementAndGet();
    String who = String.valueOf(request.header("hang"));
    return who.equals("all")
        || (who.equals("first") && request.header("x-envoy-attempt-count") == null);
  }

  @AfterEach
  void stop() {
    held.release();
    harness.close();
    instances.forEach(TestInstance::close);
  }

  private static HttpRequest.Builder request(String hanging) {
    return HttpRequest.newBuilder(URI.create("http://orders/")).header("hang", hanging);
  }

  private HttpResponse.BodyHandler<String> counted() {
    return info -> {
      handled.incrementAndGet();
      return HttpResponse.BodyHandlers.ofString().apply(info);
    };
  }

  private int active() {
    return instances.stream().mapToInt(TestInstance::openConnections).sum();
  }

  @Test
  void theHandlerIsCalledOnceAndForTheWinner() throws Exception {
    for (int i = 0; i < 5; i++) {
      HttpResponse<String> response = client.send(request("first").build(), counted());
      assertThat(response.body()).isEqualTo("hello");
      assertThat(handled.get()).isEqualTo(i + 1);
    }
    held.release();
    await().until(() -> active() <= 2);
    assertThat(client.send(request("none").build(), counted()).body()).isEqualTo("hello");
  }

  @Test
  void aBodyIsPublishedOnceByTheApplication() throws Exception {
    // Time enough for a handshake: a body that is not known yet is not sent twice.
    apply(TrafficPolicy.builder().hedgeAfterMillis(1_000));
    AtomicInteger subscribed = new AtomicInteger();
    HttpRequest.BodyPublisher body = BodyPublishers.ofString("body");
    HttpRequest put =
        request("first")
            .PUT(
                BodyPublishers.fromPublisher(
                    subscriber -> {
                      subscribed.incrementAndGet();
                      body.subscribe(subscriber);
                    },
                    4))
            .build();
    assertThat(client.send(put, counted()).body()).isEqualTo("hello");
    assertThat(subscribed.get()).isEqualTo(1);
    for (TestInstance instance : instances) {
      assertThat(new String(instance.last().body(), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo("body");
    }
  }

  @Test
  void whatMayNotBeSentTwiceIsNot() {
    HttpRequest post = request("first").POST(BodyPublishers.noBody()).timeout(ENOUGH).build();
    HttpRequest large =
        request("first").PUT(BodyPublishers.ofByteArray(new byte[100_000])).timeout(ENOUGH).build();
    for (HttpRequest each : List.of(post, large)) {
      Assertions.assertThatThrownBy(() -> client.send(each, counted()))
          .isInstanceOf(HttpTimeoutException.class);
    }
    assertThat(arrivals.get()).isEqualTo(2);
    assertThat(handled.get()).isZero();
  }

  @Test
  void withoutBudgetNothingIsHedged() {
    apply(
        TrafficPolicy.builder()
            .hedgeAfterMillis(30)
            .retryBudget(RetryBudget.builder().percent(0).minRetryConcurrency(0).build()));
    HttpRequest get = request("first").timeout(ENOUGH).build();
    Assertions.assertThatThrownBy(() -> client.send(get, counted()))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(arrivals.get()).isEqualTo(1);
  }

  @Test
  void cancellationAndTimeoutEndBoth() throws Exception {
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(request("all").build(), counted());
    await().until(() -> arrivals.get() == 2);
    assertThat(call.cancel(true)).isTrue();
    HttpRequest limited = request("all").timeout(ENOUGH).build();
    Assertions.assertThatThrownBy(() -> client.send(limited, counted()))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(arrivals.get()).isEqualTo(4);
    held.release();
    await().until(() -> mesh.dataPlane().transport().connections().size() == 0);
    assertThat(handled.get()).isZero();
  }

  /** Answers of both come at the same time, again and again. */
  @Test
  void answersThatRaceAreDeliveredOnce() throws Exception {
    apply(
        TrafficPolicy.builder()
            .hedgeAfterMillis(1)
            .retryBudget(RetryBudget.builder().percent(100).minRetryConcurrency(100).build()));
    // Neither answers before both have the request.
    CyclicBarrier both = new CyclicBarrier(2);
    for (TestInstance instance : instances) {
      instance.answering(r -> Reply.of(200, "raced").after(() -> Held.meet(both)));
    }
    for (int i = 0; i < 100; i++) {
      HttpResponse<String> response =
          client.sendAsync(request("none").build(), counted()).get(10, TimeUnit.SECONDS);
      assertThat(response.body()).isEqualTo("raced");
    }
    assertThat(handled.get()).isEqualTo(100);
    int sent = instances.stream().mapToInt(i -> i.requests().size()).sum();
    assertThat(sent).as("requests of 100 calls").isGreaterThan(150);
    await().until(() -> active() <= 4);
  }
}
