package dev.weft.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingCall;
import dev.weft.dataplane.outbound.FakeAsyncCall;
import dev.weft.dataplane.outbound.FakeMesh;
import dev.weft.dataplane.outbound.FakeRequest;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.dataplane.telemetry.TelemetryConfig;
import dev.weft.dataplane.telemetry.TraceContext;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What reaches telemetry through a whole data plane, and what a request without readers costs. */
class TelemetryWiringTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String HOST = "orders.shop.svc.cluster.local";

  private final Telemetry telemetry = Telemetry.create();
  private final DataPlane dataPlane =
      DataPlane.builder().parker(nanos -> {}).telemetry(telemetry, "shop").build();

  @AfterEach
  void close() {
    telemetry.close();
  }

  private void start(int metricsPort) {
    telemetry.start(
        TelemetryConfig.builder("shop", "shop")
            .metrics(InetAddress.getLoopbackAddress().getHostAddress(), metricsPort)
            .build());
  }

  private String scrape() throws IOException {
    URI metrics = URI.create("http://127.0.0.1:" + telemetry.metricsPort() + "/metrics");
    try (Scanner text = new Scanner(metrics.toURL().openStream(), "UTF-8").useDelimiter("\\A")) {
      return text.next();
    }
  }

  @Test
  void withoutReadersARequestLeavesNothing() {
    start(-1);
    assertThat(telemetry.isIdle()).isTrue();
    InboundExchange exchange = dataPlane.inbound().begin(arriving());
    assertThat(exchange.attachment()).isNull();
    exchange.makeCurrent().close();
    exchange.conclude(200, null);
  }

  @Test
  void withoutReadersTheTraceOfTheCallerIsPassedOnAllTheSame() throws Exception {
    start(-1);
    know(1);
    InboundExchange exchange = dataPlane.inbound().begin(arriving().header("traceparent", PARENT));
    FakeRequest call = FakeRequest.get();
    InboundExchange.Scope scope = exchange.makeCurrent();
    send(call, 0);
    scope.close();
    exchange.conclude(200, null);
    assertThat(call.header("traceparent")).isEqualTo(PARENT);
    assertThat(TraceContext.current()).isNull();
    FakeRequest alone = FakeRequest.get();
    send(alone, 0);
    assertThat(alone.header("traceparent")).isNull();
  }

  @Test
  void withAReaderEveryRequestAndEachRetryIsCountedOnce() throws Exception {
    start(0);
    assertThat(telemetry.isIdle()).isFalse();
    know(3);
    send(FakeRequest.get(), 2);
    InboundExchange exchange = dataPlane.inbound().begin(arriving());
    exchange.conclude(200, null);
    assertThat(scrape())
        .containsPattern("weft_retries_total\\{[^}]*orders[^}]*} 2(\\.0)?\\n")
        .containsPattern("weft_requests_total\\{[^}]*inbound[^}]*} 1(\\.0)?\\n")
        .containsPattern("weft_requests_total\\{[^}]*outbound[^}]*} 1(\\.0)?\\n");
  }

  @Test
  void aHedgeIsCountedAndIsNoRetry() throws Exception {
    start(0);
    know(2, TrafficPolicy.builder().hedgeAfterMillis(1).build());
    Slow call = new Slow();
    int status =
        dataPlane
            .async()
            .execute(dataPlane.async().resolve("http", "orders"), FakeRequest.get(), call)
            .get(10, TimeUnit.SECONDS);
    assertThat(status).isEqualTo(200);
    assertThat(scrape())
        .containsPattern("weft_hedges_total\\{[^}]*orders[^}]*} 1(\\.0)?\\n")
        .doesNotContainPattern("weft_retries_total\\{[^}]*orders")
        .containsPattern("weft_requests_total\\{[^}]*outbound[^}]*} 1(\\.0)?\\n");
  }

  private void know(int endpoints) {
    know(endpoints, TrafficPolicy.defaults());
  }

  private void know(int endpoints, TrafficPolicy policy) {
    Endpoint[] all = new Endpoint[endpoints];
    for (int i = 0; i < endpoints; i++) {
      all[i] = Endpoint.builder().id("orders-" + i).address("127.0.0.1").port(9000 + i).build();
    }
    Service orders =
        Service.builder()
            .host(HOST)
            .name("orders")
            .namespace("shop")
            .authorities(Collections.singletonList("orders"))
            .trafficPolicy(policy)
            .endpoints(Arrays.asList(all))
            .build();
    dataPlane
        .snapshots()
        .apply(Snapshot.builder().version(1).services(Collections.singletonList(orders)).build());
  }

  private void send(FakeRequest request, int failures) throws Exception {
    int status =
        dataPlane
            .blocking()
            .execute(dataPlane.blocking().resolve("http", "orders"), request, failing(failures));
    assertThat(status).isEqualTo(200);
  }

  /** Answers its second attempt only. */
  private static final class Slow extends FakeAsyncCall {
    private final CompletableFuture<Integer> never = new CompletableFuture<>();
    private boolean once;

    Slow() {
      overlaps = true;
    }

    @Override
    public CompletionStage<Integer> send(Attempt attempt) {
      if (once) {
        return CompletableFuture.completedFuture(200);
      }
      once = true;
      return never;
    }
  }

  /** Cannot connect so many times, then answers 200. */
  private static BlockingCall<Integer> failing(int failures) {
    AtomicInteger left = new AtomicInteger(failures);
    return new FakeMesh.FakeCall(
        attempt -> {
          if (left.getAndDecrement() > 0) {
            throw new ConnectException("Connection refused");
          }
          return 200;
        });
  }

  /** An inbound request of a stranger, which has no headers to change. */
  private static dev.weft.dataplane.inbound.FakeRequest arriving() {
    return dev.weft.dataplane.inbound.FakeRequest.get("/").unchangeable();
  }
}
