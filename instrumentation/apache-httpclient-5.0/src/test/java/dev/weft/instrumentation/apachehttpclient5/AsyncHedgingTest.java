package dev.weft.instrumentation.apachehttpclient5;

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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.ContentType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two attempts at a time that share a client, a context and what the application waits for. */
@Timeout(60)
class AsyncHedgingTest {
  private final TestMesh mesh = TestMesh.create();
  private final Held held = new Held();
  private final AtomicInteger arrivals = new AtomicInteger();
  private final BasicCredentialsProvider credentials = new BasicCredentialsProvider();
  private final CloseableHttpAsyncClient client =
      HttpAsyncClients.custom().setDefaultCredentialsProvider(credentials).build();
  private List<TestInstance> instances;
  private WeavingHarness harness;

  @BeforeEach
  void start() throws IOException {
    instances = List.of(instance(), instance());
    // Time enough for a handshake: a body that is not known yet is not sent twice.
    apply(TrafficPolicy.builder().hedgeAfterMillis(500));
    harness = WeavingHarness.install(mesh.dataPlane(), new ApacheHttpAsyncClientModule());
    client.start();
  }

  private TestInstance instance() throws IOException {
    return TestInstance.secured("orders", mesh.authority().serverContext("orders"))
        .answering(
            r ->
                arrivals.getAndIncrement() == 0
                    ? Reply.of(200, "late").after(held::hang)
                    : answer(r));
  }

  /** Of whoever does not hang. */
  private static Reply answer(Received request) {
    if (request.target().equals("/moved")) {
      return Reply.of(302, "").with("Location", "http://orders/there");
    }
    if (request.target().equals("/login") && request.header("authorization") == null) {
      return Reply.of(401, "").with("WWW-Authenticate", "Basic realm=\"here\"");
    }
    return Reply.of(200, "hello " + request.target());
  }

  private void apply(TrafficPolicy.Builder policy) {
    RetryBudget much = RetryBudget.builder().percent(100).minRetryConcurrency(100).build();
    TrafficPolicy built = policy.retryBudget(much).build();
    mesh.clear()
        .service("orders", s -> s.trafficPolicy(built), instances.get(0), instances.get(1))
        .apply();
  }

  @AfterEach
  void stop() throws IOException {
    held.release();
    client.close();
    harness.close();
    instances.forEach(TestInstance::close);
  }

  private Future<SimpleHttpResponse> send(String method, String path, String body) {
    SimpleHttpRequest request = new SimpleHttpRequest(method, URI.create("http://orders" + path));
    if (!body.isEmpty()) {
      request.setBody(body, ContentType.TEXT_PLAIN);
    }
    return client.execute(request, null);
  }

  private static String text(Future<SimpleHttpResponse> call) throws Exception {
    SimpleHttpResponse response = call.get(20, TimeUnit.SECONDS);
    return response.getCode() + " " + response.getBodyText();
  }

  @Test
  void aBodyGoesToBothAsTheApplicationGaveIt() throws Exception {
    assertThat(text(send("PUT", "/x", "body"))).isEqualTo("200 hello /x");
    for (TestInstance instance : instances) {
      Received got = instance.last();
      assertThat(new String(got.body(), StandardCharsets.UTF_8)).isEqualTo("body");
      assertThat(got.header("content-type")).startsWith("text/plain");
    }
  }

  /** The next hop begins in the context of the first attempt, which has not answered. */
  @Test
  void aRedirectOfTheSecondIsFollowedAsAHopOfItsOwn() throws Exception {
    assertThat(text(send("GET", "/moved", ""))).isEqualTo("200 hello /there");
    assertThat(arrivals.get()).isEqualTo(3);
  }

  @Test
  void theSecondLogsInByItself() throws Exception {
    credentials.setCredentials(
        new AuthScope(null, -1), new UsernamePasswordCredentials("me", "secret".toCharArray()));
    assertThat(text(send("GET", "/login", ""))).isEqualTo("200 hello /login");
    assertThat(arrivals.get()).isEqualTo(3);
  }

  @DisabledIfSystemProperty(
      named = "weft.test.httpclient",
      matches = "5[.]0",
      disabledReason = "5.0 goes on with an exchange that the application cancels, hedged or not")
  @ParameterizedTest
  @CsvSource({"GET, 2", "POST, 1"})
  void cancellationEndsAllThereAre(String method, int attempts) {
    instances.forEach(
        i ->
            i.answering(
                r -> {
                  arrivals.incrementAndGet();
                  return Reply.of(200, "late").after(held::hang);
                }));
    Future<SimpleHttpResponse> call = send(method, "/x", "");
    await().until(() -> arrivals.get() == attempts);
    assertThat(call.cancel(true)).isTrue();
    held.release();
    await("no connection to be kept").until(() -> openConnections() == 0);
  }

  /** Answers of both come at the same time, again and again. */
  @Test
  void answersThatRaceAreDeliveredOnce() throws Exception {
    apply(TrafficPolicy.builder().hedgeAfterMillis(1));
    CyclicBarrier both = new CyclicBarrier(2);
    instances.forEach(i -> i.answering(r -> Reply.of(200, "raced").after(() -> Held.meet(both))));
    for (int i = 0; i < 100; i++) {
      assertThat(text(send("GET", "/x", ""))).isEqualTo("200 raced");
    }
    int sent = instances.stream().mapToInt(i -> i.requests().size()).sum();
    assertThat(sent).as("requests of 100 calls").isGreaterThan(130);
    await("few connections to be left").until(() -> openConnections() <= 4);
  }

  private int openConnections() {
    return instances.stream().mapToInt(TestInstance::openConnections).sum();
  }
}
