package dev.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryTest {

  @TempDir Path dir;

  private static Exchange inbound(Telemetry telemetry, String path, String authority) {
    return telemetry.inbound("orders", "GET", "http", authority, path, null, null);
  }

  @Test
  void logsOneLinePerRequestWhateverIsInIt() throws Exception {
    Path log = dir.resolve("access.log");
    Telemetry telemetry = Telemetry.create();
    telemetry.start(TelemetryConfig.builder("orders", "shop").accessLog(log.toString()).build());
    inbound(telemetry, "/a\r\n{\"status\":200}\u001b[2J\u2028\"\\", "evil\nhost\u202e")
        .peer("spiffe://cluster.local/ns/shop/sa/web")
        .flag("UAEX", "authorize;deny-all")
        .conclude(403, null);
    telemetry.close();

    List<String> lines = Files.readAllLines(log, StandardCharsets.US_ASCII);
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0))
        .startsWith("{\"time\":\"")
        .contains("\"direction\":\"inbound\"")
        .contains("\"status\":403")
        .contains("\"flag\":\"UAEX\"")
        .contains("\"detail\":\"authorize;deny-all\"")
        .contains("\"peer\":\"spiffe://cluster.local/ns/shop/sa/web\"")
        .contains("\\u000d\\u000a{\\\"status\\\":200}\\u001b[2J\\u2028\\\"\\\\")
        .contains("evil\\u000ahost\\u202e")
        .endsWith("}");
    assertThat(lines.get(0).chars()).allMatch(c -> c >= ' ' && c <= '~');
  }

  @Test
  void dropsAndCountsLinesRatherThanWait() {
    LongAdder drops = new LongAdder();
    Object gate = new Object();
    OutputStream stuck =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            synchronized (gate) {
              throw new IOException("disk full");
            }
          }
        };
    AccessLog log;
    Telemetry telemetry = Telemetry.create();
    synchronized (gate) {
      log = AccessLog.open(stuck, drops, 4, Thread::new);
      for (int i = 0; i < 10_000; i++) {
        Exchange exchange = inbound(telemetry, "/", "orders");
        exchange.conclude(200, null);
        log.offer(exchange);
      }
      assertThat(drops.sum()).isGreaterThan(0);
    }
    log.close(1_000_000_000L);
    assertThat(drops.sum()).as("full ring, then full disk: none was written").isEqualTo(10_000);
  }

  @Test
  void anExplodingSinkReachesNoRequest() {
    Telemetry telemetry =
        Telemetry.create(
            new Tracing() {
              @Override
              public boolean isOn() {
                return true;
              }

              @Override
              public boolean sample(
                  TraceContext parent, TraceContext candidate, Exchange.Direction direction) {
                if (parent != null) {
                  throw new StackOverflowError("injected");
                }
                return true;
              }

              @Override
              public void export(Exchange exchange) {
                throw new LinkageError("injected");
              }
            },
            ForeignSpans.NONE);
    Exchange exchange = inbound(telemetry, "/", "orders");
    exchange.conclude(200, null);
    TraceContext.swap(TraceContext.root(true));
    try {
      assertThat(telemetry.outbound("cart", "GET", "http", "cart", "/", null, null)).isNull();
    } finally {
      TraceContext.swap(null);
    }
    assertThat(telemetry.meters().telemetryFaults().with("begin").sum()).isEqualTo(1);
    assertThat(telemetry.meters().telemetryFaults().with("conclude").sum()).isEqualTo(1);
  }

  @Test
  void factsAreShownAsTheyAreWhenSomebodyAsks() {
    Meters meters = Meters.create();
    List<List<String>> facts = new ArrayList<>();
    meters.info("weft_fact_info", "Facts", () -> facts, "what");
    facts.add(Collections.singletonList("before"));
    assertThat(PrometheusText.of(meters)).contains("weft_fact_info{what=\"before\"} 1.0\n");
    facts.clear();
    for (int i = 0; i < 5_000; i++) {
      facts.add(Collections.singletonList("fact-" + i));
    }
    assertThat(PrometheusText.of(meters))
        .doesNotContain("before")
        .contains("weft_fact_info{what=\"other\"} 1.0\n")
        .doesNotContain("fact-1000\"");
  }

  @Test
  void boundsTheSeriesWhateverNamesCome() {
    Meters meters = Meters.create();
    for (int i = 0; i < 5_000; i++) {
      meters.outbound("service-" + i).route("route-" + i).record(200, "-", 1_000);
      meters.retries().with("service-" + i).increment();
    }
    String text = PrometheusText.of(meters);
    assertThat(text.split("\n").length).isLessThan(60_000);
    assertThat(text).contains("service=\"other\",route=\"other\"");
    assertThat(meters.retries().series()).hasSizeLessThanOrEqualTo(Meters.MAX_SERIES + 1);
    long total = meters.retries().series().values().stream().mapToLong(LongAdder::sum).sum();
    assertThat(total).as("nothing is lost").isEqualTo(5_000);
  }

  @Test
  void answersPrometheus() throws Exception {
    Telemetry telemetry = Telemetry.create();
    List<String> lines = new CopyOnWriteArrayList<>();
    telemetry.start(
        TelemetryConfig.builder("orders", "shop").metrics("127.0.0.1", 0).log(lines::add).build());
    inbound(telemetry, "/", "orders").conclude(200, null);
    telemetry.meters().handshakes().with("inbound", "ok\"\n\\", "none").increment();
    String answer = get(telemetry.metricsPort(), "GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK")
        .contains(
            "weft_requests_total{direction=\"inbound\",service=\"orders\",route=\"-\","
                + "status_class=\"2xx\",response_flag=\"-\"} 1\n")
        .contains("weft_request_duration_seconds_bucket{direction=\"inbound\",service=\"orders\"")
        .contains("le=\"+Inf\"} 1\n")
        .contains("weft_requests_active{direction=\"inbound\",service=\"orders\"} 0\n")
        .contains("outcome=\"ok\\\"\\n\\\\\",reason=\"none\"} 1\n");
    assertThat(get(telemetry.metricsPort(), "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404");
    assertThat(get(telemetry.metricsPort(), "POST /metrics HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 405");
    assertThat(lines).isEmpty();
    telemetry.close();
  }

  @Test
  void aDawdlingScraperIsCutOff() throws Exception {
    Meters meters = Meters.create();
    MetricsEndpoint endpoint =
        MetricsEndpoint.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), meters, Thread::new, 200);
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
      slow.getOutputStream().write('G');
      assertThat(get(endpoint.port(), "GET /metrics HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200");
      await().until(() -> slow.getInputStream().read() < 0);
    }
    endpoint.close();
  }

  @Test
  void saysWhichPortItCannotHave() throws Exception {
    Telemetry first = Telemetry.create();
    first.start(TelemetryConfig.builder("a", "b").metrics("127.0.0.1", 0).build());
    List<String> lines = new CopyOnWriteArrayList<>();
    Telemetry second = Telemetry.create();
    second.start(
        TelemetryConfig.builder("a", "b")
            .metrics("127.0.0.1", first.metricsPort())
            .accessLog(dir.resolve("no/such/file").toString())
            .log(lines::add)
            .build());
    assertThat(lines).anyMatch(line -> line.startsWith("mesh.metrics-port: "));
    assertThat(lines).anyMatch(line -> line.startsWith("mesh.access-log: "));
    first.close();
    second.close();
  }

  private static String get(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .lines()
          .collect(Collectors.joining("\n", "", "\n"));
    }
  }
}
