package dev.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtlpExportTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Telemetry telemetry = Telemetry.create();
  private Collector collector;

  @BeforeEach
  void collect() throws IOException {
    collector = Collector.start();
  }

  @AfterEach
  void stop() {
    telemetry.close();
    collector.close();
  }

  private void start(String... settings) {
    Map<String, String> properties = new HashMap<>();
    properties.put("otel.bsp.schedule.delay", "50");
    properties.put("otel.metric.export.interval", "100");
    for (int i = 0; i < settings.length; i += 2) {
      properties.put(settings[i], settings[i + 1]);
    }
    telemetry.start(
        TelemetryConfig.builder("orders", "shop")
            .instanceId("orders-1")
            .properties(properties)
            .environment(name -> null)
            .log(lines::add)
            .build());
  }

  private Exchange call(String traceparent) {
    return telemetry.outbound(
        "cart.shop.svc.cluster.local",
        "GET",
        "http",
        "cart:8080",
        "/items?sig=secret&n=1",
        traceparent,
        null);
  }

  @Test
  void exportsAClientSpanWithTheStableConventions() {
    start(
        "otel.exporter.otlp.endpoint",
        collector.url(),
        "otel.exporter.otlp.headers",
        "x-api-key=k");
    Exchange exchange = call(PARENT);
    exchange.attempt("10.0.0.1", 9001);
    exchange.retry("connect-failure");
    exchange.attempt("10.0.0.2", 9002).route("canary").peer("spiffe://td/ns/shop/sa/cart");
    exchange.protocol("1.1").flag("URX", "retry;canary").conclude(503, null);

    await().until(() -> !collector.spans.isEmpty());
    Span span = collector.spans.get(0);
    assertThat(span.getName()).isEqualTo("GET");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(hex(span.getTraceId().toByteArray())).isEqualTo(PARENT.substring(3, 35));
    assertThat(hex(span.getParentSpanId().toByteArray())).isEqualTo(PARENT.substring(36, 52));
    assertThat(hex(span.getSpanId().toByteArray())).isEqualTo(exchange.context().spanId());
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(span.getEndTimeUnixNano()).isGreaterThan(span.getStartTimeUnixNano());
    assertThat(Collector.attributes(span.getAttributesList()))
        .containsEntry("http.request.method", "GET")
        .containsEntry("url.full", "http://cart:8080/items?sig=REDACTED&n=1")
        .containsEntry("server.address", "cart")
        .containsEntry("server.port", "8080")
        .containsEntry("http.response.status_code", "503")
        .containsEntry("http.request.resend_count", "1")
        .containsEntry("error.type", "503")
        .containsEntry("network.protocol.version", "1.1")
        .containsEntry("network.peer.address", "10.0.0.2")
        .containsEntry("network.peer.port", "9002")
        .containsEntry("weft.service", "cart.shop.svc.cluster.local")
        .containsEntry("weft.route", "canary")
        .containsEntry("weft.response_flag", "URX")
        .containsEntry("weft.response_detail", "retry;canary")
        .containsEntry("weft.peer", "spiffe://td/ns/shop/sa/cart");
    assertThat(span.getEventsList()).hasSize(1);
    assertThat(telemetry.meters().retries().with("cart.shop.svc.cluster.local").sum()).isEqualTo(1);
    assertThat(Collector.attributes(span.getEvents(0).getAttributesList()))
        .containsEntry("weft.retry.reason", "connect-failure")
        .containsEntry("weft.endpoint", "10.0.0.1");
    assertThat(Collector.attributes(collector.resource.getAttributesList()))
        .containsEntry("service.name", "orders")
        .containsEntry("service.namespace", "shop")
        .containsEntry("service.instance.id", "orders-1");
    assertThat(collector.apiKey).isEqualTo("k");
    assertThat(lines).isEmpty();
  }

  @Test
  void exportsAServerSpanAndItsCallsAsOneTrace() {
    start("otel.traces.exporter", "otlp", "otel.exporter.otlp.endpoint", collector.url());
    Exchange served =
        telemetry.inbound("orders", "BREW", "http", "orders", "/pot?token=t", null, null);
    TraceContext before = TraceContext.swap(served.context());
    Exchange called = call(null);
    called.conclude(0, new java.net.ConnectException("refused"));
    TraceContext.swap(before);
    served.conclude(200, null);

    await().until(() -> collector.spans.size() == 2);
    Span client = collector.spans.get(0);
    Span server = collector.spans.get(1);
    assertThat(server.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(server.getName()).isEqualTo("HTTP");
    assertThat(server.getParentSpanId().isEmpty()).isTrue();
    assertThat(client.getTraceId()).isEqualTo(server.getTraceId());
    assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
    assertThat(Collector.attributes(client.getAttributesList()))
        .containsEntry("error.type", "java.net.ConnectException");
    assertThat(Collector.attributes(server.getAttributesList()))
        .containsEntry("http.request.method", "_OTHER")
        .containsEntry("http.request.method_original", "BREW")
        .containsEntry("url.path", "/pot")
        .containsEntry("url.query", "token=REDACTED");
    assertThat(TraceContext.current()).isNull();
  }

  @Test
  void followsTheSampler() {
    start(
        "otel.exporter.otlp.endpoint",
        collector.url(),
        "otel.traces.sampler",
        "parentbased_always_off");
    Exchange unsampled = call(null);
    assertThat(unsampled.isRecorded()).isFalse();
    assertThat(unsampled.context().header()).endsWith("-00");
    assertThat(call(PARENT).isRecorded()).isTrue();
    Exchange passed = call(PARENT.substring(0, 54) + "0");
    assertThat(passed.isRecorded()).isFalse();
    assertThat(passed.context().header()).isEqualTo(PARENT.substring(0, 54) + "0");
  }

  @Test
  void exportsMetrics() {
    start("otel.exporter.otlp.metrics.endpoint", collector.url() + "/v1/metrics");
    for (int i = 0; i < 3; i++) {
      call(null).route("canary").conclude(200, null);
    }
    telemetry.meters().retries().with("cart").add(2);
    await()
        .until(
            () ->
                collector.metric("weft.requests") != null
                    && collector.metric("weft.requests").getSum().getDataPoints(0).getAsInt() == 3);
    NumberDataPoint point = collector.metric("weft.requests").getSum().getDataPoints(0);
    assertThat(Collector.attributes(point.getAttributesList()))
        .containsEntry("service", "cart.shop.svc.cluster.local")
        .containsEntry("route", "canary")
        .containsEntry("status_class", "2xx")
        .containsEntry("response_flag", "-");
    HistogramDataPoint duration =
        collector.metric("weft.request_duration").getHistogram().getDataPoints(0);
    assertThat(duration.getCount()).isEqualTo(3);
    assertThat(duration.getBucketCountsCount()).isEqualTo(duration.getExplicitBoundsCount() + 1);
    assertThat(collector.spans).isEmpty();
  }

  @Test
  void namesItsThreads() {
    start("otel.exporter.otlp.endpoint", collector.url());
    call(PARENT).conclude(200, null);
    await().until(() -> !collector.spans.isEmpty());
    assertThat(collector.threads)
        .contains("mesh-telemetry")
        .noneMatch(name -> name.startsWith("BatchSpan") || name.startsWith("PeriodicMetric"));
  }

  @Test
  void isOffUntilAnExporterOrAnEndpointIsNamed() {
    start();
    Exchange exchange = call(PARENT);
    assertThat(exchange.isRecorded()).isFalse();
    assertThat(exchange.context().header()).isEqualTo(PARENT);
    assertThat(call(null).context()).isNull();
    assertThat(lines).isEmpty();
  }

  @Test
  void saysWhichExporterAndProtocolItDoesNotHave() {
    start(
        "otel.traces.exporter",
        "zipkin,otlp",
        "otel.exporter.otlp.endpoint",
        collector.url(),
        "otel.exporter.otlp.protocol",
        "grpc");
    assertThat(lines).anyMatch(line -> line.contains("zipkin is not in the agent"));
    assertThat(lines).anyMatch(line -> line.contains("grpc is not in the agent"));
    call(PARENT).conclude(200, null);
    await().until(() -> !collector.spans.isEmpty());
  }

  @Test
  void aDeadCollectorCostsACounterAndALineAMinute() {
    collector.close();
    start("otel.exporter.otlp.endpoint", collector.url());
    java.util.concurrent.atomic.LongAdder lost =
        telemetry.meters().telemetryDrops().with("otlp-message");
    await()
        .until(
            () -> {
              call(PARENT).conclude(200, null);
              return lost.sum() >= 3;
            });
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).startsWith("telemetry is not delivered to ");
  }

  @Test
  void aSilentCollectorDelaysNeitherRequestsNorTheEnd() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      start("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + silent.getLocalPort());
      long before = System.nanoTime();
      for (int i = 0; i < 20_000; i++) {
        call(PARENT).conclude(200, null);
      }
      assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(5));
      long closing = System.nanoTime();
      telemetry.close();
      assertThat(System.nanoTime() - closing).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
    }
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(String.format("%02x", b & 0xff));
    }
    return text.toString();
  }
}
