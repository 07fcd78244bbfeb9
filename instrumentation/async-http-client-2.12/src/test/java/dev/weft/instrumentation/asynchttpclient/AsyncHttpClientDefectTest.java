package dev.weft.instrumentation.asynchttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.WovenClientTest;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.asynchttpclient.AsyncCompletionHandler;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.Dsl;
import org.asynchttpclient.ListenableFuture;
import org.asynchttpclient.Response;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hook that fails keeps nothing that a call had, such as its place among the calls allowed. */
@Timeout(30)
class AsyncHttpClientDefectTest extends WovenClientTest {
  private static final String HOOKS = "dev.weft.instrumentation.asynchttpclient.";

  private final AsyncHttpClient client = Dsl.asyncHttpClient();

  AsyncHttpClientDefectTest() {
    super(new AsyncHttpClientModule());
  }

  @BeforeEach
  void letOneCallInAtATime() {
    TrafficPolicy oneAtATime =
        TrafficPolicy.builder()
            .connectionPool(ConnectionPool.builder().http2MaxRequests(1).build())
            .build();
    mesh.clear().service("orders", s -> s.trafficPolicy(oneAtATime), orders).apply();
  }

  @AfterEach
  void close() throws Exception {
    client.close();
  }

  private int get() throws Exception {
    return client.prepareGet("http://orders/").execute().get().getStatusCode();
  }

  @Test
  void failureThatTheMeshDoesNotHearOf() throws Exception {
    orders.answering(r -> Reply.hangUp());
    harness.breakHook(HOOKS + "AbortHook");
    assertThatThrownBy(this::get).isInstanceOf(ExecutionException.class);
    harness.breakHook(null);
    orders.answering(r -> Reply.of(200, "hello"));
    getsThroughSoon("http://orders/");
  }

  @Test
  void responseThatTheMeshDoesNotHearOf() throws Exception {
    harness.breakHook(HOOKS + "InterceptHook");
    assertThat(get()).isEqualTo(200);
    harness.breakHook(null);
    getsThroughSoon("http://orders/");
    assertThat(orders.connections()).as("the connection stays in its pool").isEqualTo(1);
  }

  @Test
  void responsesThatTheMeshDoesNotHearOfInACallThatGoesOn() throws Exception {
    orders.answering(
        r ->
            r.target().equals("/")
                ? Reply.of(302, "").with("Location", "http://orders/next")
                : Reply.of(200, "hello"));
    harness.breakHook(HOOKS + "InterceptHook");
    client.prepareGet("http://orders/").setFollowRedirect(true).execute().get();
    harness.breakHook(null);
    getsThroughSoon("http://orders/next");
  }

  /** A call that ends with its future is over a moment after who waits for that has it. */
  private void getsThroughSoon(String url) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(client.prepareGet(url).execute().get().getStatusCode()).isEqualTo(200));
  }

  @Test
  void callThatIsCancelled() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    orders.answering(
        r ->
            Reply.of(200, "late")
                .after(
                    () -> {
                      arrived.countDown();
                      awaitQuietly(release);
                    }));
    ListenableFuture<Response> call = client.prepareGet("http://orders/").execute();
    arrived.await();
    call.cancel(true);
    release.countDown();
    orders.answering(r -> Reply.of(200, "hello"));
    getsThroughSoon("http://orders/");
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
    harness = WeavingHarness.install(without.dataPlane(), new AsyncHttpClientModule());
    assertThatThrownBy(this::get).hasRootCauseInstanceOf(javax.net.ssl.SSLException.class);
    assertThat(orders.requests()).isEmpty();
  }

  @Test
  void handlerThatThrowsWhenItHearsOfARefusal() {
    harness.breakHook(HOOKS + "SendHook");
    ListenableFuture<Response> call =
        client
            .prepareGet("http://orders/")
            .execute(
                new AsyncCompletionHandler<Response>() {
                  @Override
                  public Response onCompleted(Response response) {
                    return response;
                  }

                  @Override
                  public void onThrowable(Throwable failure) {
                    throw new IllegalStateException("a bug of the application");
                  }
                });
    assertThatThrownBy(call::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(java.io.IOException.class)
        .hasMessageContaining("refused by the service mesh");
  }
}
