package dev.weft.instrumentation.apachehttpclient5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.WovenClientTest;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.Route;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.async.methods.SimpleResponseConsumer;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is the asynchronous client's own, beside the contract. */
@Timeout(60)
class AsyncClientTest extends WovenClientTest {

  AsyncClientTest() {
    super(new ApacheHttpAsyncClientModule());
  }

  private static Future<SimpleHttpResponse> get(CloseableHttpAsyncClient client) {
    client.start();
    return client.execute(request(), null);
  }

  private static SimpleHttpRequest request() {
    return new SimpleHttpRequest("GET", URI.create("http://orders:8080/x"));
  }

  private void isRefused(CloseableHttpAsyncClient client) throws IOException {
    try (client) {
      assertThatThrownBy(() -> get(client).get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessageContaining("refused by the service mesh");
    }
    assertThat(orders.requests()).isEmpty();
  }

  @Test
  void clientWithoutAChainIsRefused() throws Exception {
    isRefused(HttpAsyncClients.createMinimal());
  }

  @Test
  void clientOfHttp2AloneIsRefused() throws Exception {
    isRefused(HttpAsyncClients.createHttp2Default());
  }

  @Test
  void clientThatDoesNotRetryIsInTheMeshAllTheSame() throws Exception {
    HttpAsyncClientBuilder builder = HttpAsyncClients.custom().disableAutomaticRetries();
    try (TestInstance bad = secured("orders").answering(r -> Reply.of(503, "no"));
        CloseableHttpAsyncClient client = builder.build()) {
      mesh.clear().service("orders", bad, orders).apply();
      for (int i = 0; i < 4; i++) {
        assertThat(get(client).get(10, TimeUnit.SECONDS).getCode()).isEqualTo(200);
      }
      assertThat(orders.requests()).hasSize(4).allMatch(r -> r.peer().equals("CN=caller"));
    }
  }

  @Test
  void manyCallsOfOneThreadShareTheConnections() throws Exception {
    List<Future<SimpleHttpResponse>> calls = new ArrayList<>();
    try (CloseableHttpAsyncClient client = HttpAsyncClients.createDefault()) {
      for (int i = 0; i < 200; i++) {
        calls.add(get(client));
      }
      for (Future<SimpleHttpResponse> call : calls) {
        assertThat(call.get(20, TimeUnit.SECONDS).getBodyText()).isEqualTo("hello");
      }
    }
    assertThat(orders.requests()).hasSize(200);
    assertThat(orders.handshakes()).isLessThanOrEqualTo(5);
  }

  @Test
  void callbackDoesNotRunOnAThreadOfTheAgent() throws Exception {
    delay();
    AtomicReference<String> thread = new AtomicReference<>();
    try (CloseableHttpAsyncClient client = HttpAsyncClients.createDefault()) {
      client.start();
      client.execute(request(), new Noting(thread)).get(10, TimeUnit.SECONDS);
      await().until(() -> thread.get() != null);
    }
    assertThat(thread.get()).doesNotStartWith("mesh-");
  }

  @Test
  void callThatIsCancelledInADelayOfTheMeshIsNeverSent() throws Exception {
    delay();
    try (CloseableHttpAsyncClient client = HttpAsyncClients.createDefault()) {
      client.start();
      AtomicReference<String> seen = new AtomicReference<>();
      Future<SimpleHttpResponse> call =
          client.execute(
              SimpleRequestProducer.create(request()),
              SimpleResponseConsumer.create(),
              new Noting(seen));
      call.cancel(true);
      await().untilAsserted(() -> assertThat(seen.get()).isEqualTo("cancelled"));
      assertThat(get(client).get(10, TimeUnit.SECONDS).getCode()).isEqualTo(200);
    }
    assertThat(orders.requests()).hasSize(1);
  }

  private record Noting(AtomicReference<String> thread)
      implements FutureCallback<SimpleHttpResponse> {
    @Override
    public void completed(SimpleHttpResponse result) {
      thread.set(Thread.currentThread().getName());
    }

    @Override
    public void failed(Exception cause) {
      thread.set("failed: " + cause);
    }

    @Override
    public void cancelled() {
      thread.set("cancelled");
    }
  }

  private void delay() {
    Route delayed =
        Route.builder()
            .name("r")
            .backends(
                List.of(Backend.builder().host("orders.shop.svc.cluster.local").weight(1).build()))
            .fault(Fault.builder().delayMillis(300).delayPercent(100).build())
            .build();
    mesh.clear().service("orders", s -> s.routes(List.of(delayed)), orders).apply();
  }
}
