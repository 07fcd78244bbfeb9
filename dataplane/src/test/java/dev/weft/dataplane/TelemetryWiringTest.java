package dev.weft.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.outbound.AsyncCall;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingCall;
import dev.weft.dataplane.outbound.OutboundRequest;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.dataplane.telemetry.TelemetryConfig;
import dev.weft.dataplane.telemetry.TraceContext;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
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
    InboundExchange exchange = dataPlane.inbound().begin(new Arriving(Collections.emptyMap()));
    assertThat(exchange.attachment()).isNull();
    exchange.makeCurrent().close();
    exchange.conclude(200, null);
  }

  @Test
  void withoutReadersTheTraceOfTheCallerIsPassedOnAllTheSame() throws Exception {
    start(-1);
    know(1);
    InboundExchange exchange =
        dataPlane.inbound().begin(new Arriving(Collections.singletonMap("traceparent", PARENT)));
    Leaving call = new Leaving();
    InboundExchange.Scope scope = exchange.makeCurrent();
    send(call, 0);
    scope.close();
    exchange.conclude(200, null);
    assertThat(call.header("traceparent")).isEqualTo(PARENT);
    assertThat(TraceContext.current()).isNull();
    Leaving alone = new Leaving();
    send(alone, 0);
    assertThat(alone.header("traceparent")).isNull();
  }

  @Test
  void withAReaderEveryRequestAndEachRetryIsCountedOnce() throws Exception {
    start(0);
    assertThat(telemetry.isIdle()).isFalse();
    know(3);
    send(new Leaving(), 2);
    InboundExchange exchange = dataPlane.inbound().begin(new Arriving(Collections.emptyMap()));
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
            .execute(dataPlane.async().resolve("http", "orders"), new Leaving(), call)
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

  private void send(Leaving request, int failures) throws Exception {
    int status =
        dataPlane
            .blocking()
            .execute(
                dataPlane.blocking().resolve("http", "orders"), request, new Failing(failures));
    assertThat(status).isEqualTo(200);
  }

  /** An inbound request of a stranger. */
  private static final class Arriving implements InboundRequest {
    private final Map<String, String> headers;

    Arriving(Map<String, String> headers) {
      this.headers = headers;
    }

    @Override
    public void setHeader(String name, String value) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public void removeHeader(String name) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public void setAnswerHeader(String name, String value) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public void addAnswerHeader(String name, String value) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public List<String> headers(String name) {
      String value = headers.get(name);
      return value == null ? Collections.emptyList() : Collections.singletonList(value);
    }

    @Override
    public Iterable<String> headerNames() {
      return headers.keySet();
    }

    @Override
    public String rawPath() {
      return "/";
    }

    @Override
    public String decodedPath() {
      return "/";
    }

    @Override
    public String mappedPath() {
      return null;
    }

    @Override
    public String remoteAddress() {
      return "10.1.2.3";
    }

    @Override
    public int localPort() {
      return 8080;
    }

    @Override
    public PeerIdentity peer() {
      return null;
    }
  }

  /** Answers its second attempt only. */
  private static final class Slow implements AsyncCall<Integer>, AsyncCall.Beside<Integer> {
    private final CompletableFuture<Integer> never = new CompletableFuture<>();
    private boolean sent;

    @Override
    public boolean overlaps() {
      return true;
    }

    @Override
    public AsyncCall.Beside<Integer> beside() {
      return this;
    }

    @Override
    public OutboundRequest request() {
      return new Leaving();
    }

    @Override
    public CompletionStage<Integer> send(Attempt attempt) {
      if (sent) {
        return CompletableFuture.completedFuture(200);
      }
      sent = true;
      return never;
    }

    @Override
    public int status(Integer response) {
      return response;
    }

    @Override
    public String header(Integer response, String name) {
      return null;
    }

    @Override
    public CompletionStage<?> discard(Integer response) {
      return null;
    }

    @Override
    public void abandon(Integer response) {}

    @Override
    public Integer reply(LocalReply reply) {
      return reply.status();
    }

    @Override
    public Integer editResponse(Integer response, HeaderEdits edits) {
      return response;
    }
  }

  /** An outbound GET. */
  private static final class Leaving implements OutboundRequest {
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public String authority() {
      return "orders";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public String header(String name) {
      return headers.get(name);
    }

    @Override
    public void setHeader(String name, String value) {
      headers.put(name, value);
    }

    @Override
    public void addHeader(String name, String value) {
      headers.put(name, value);
    }

    @Override
    public void removeHeader(String name) {
      headers.remove(name);
    }

    @Override
    public boolean replayable() {
      return true;
    }
  }

  /** Cannot connect so many times, then answers 200. */
  private static final class Failing implements BlockingCall<Integer> {
    private int left;

    Failing(int failures) {
      this.left = failures;
    }

    @Override
    public Integer send(Attempt attempt) throws ConnectException {
      if (left-- > 0) {
        throw new ConnectException("Connection refused");
      }
      return 200;
    }

    @Override
    public int status(Integer response) {
      return response;
    }

    @Override
    public String header(Integer response, String name) {
      return null;
    }

    @Override
    public void discard(Integer response) {}

    @Override
    public Integer reply(LocalReply reply) {
      return reply.status();
    }

    @Override
    public Integer editResponse(Integer response, HeaderEdits edits) {
      return response;
    }
  }
}
