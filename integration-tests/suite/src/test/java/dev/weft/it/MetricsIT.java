package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.FreePort;
import dev.weft.it.rig.ListeningPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What {@code mesh.metrics-port} opens, what is read there, and that nothing is open without. */
class MetricsIT {
  private static final String OUTBOUND = "weft_requests_total{direction=\"outbound\",service=\"";
  private static final String INBOUND = "weft_requests_total{direction=\"inbound\",service=\"";

  @Test
  void countsBothDirectionsByServiceAndStatus() throws Exception {
    int ordersMetrics = FreePort.next();
    int shopMetrics = FreePort.next();
    try (ControlServer control = ControlServer.start()) {
      String token = control.token("shop");
      try (App orders = instance(control, "orders", ordersMetrics).start();
          App shop = instance(control, "shop", shopMetrics).setting("join-token", token).start()) {
        control.awaitLive("orders", 1);
        control.awaitLive("shop", 1);
        for (int i = 0; i < 3; i++) {
          App.Answer answer = shop.call("apache", "http://orders/hello?token=hidden-in-a-query");
          assertThat(answer.callStatus()).as(answer.text()).isEqualTo("200");
        }
        assertThat(shop.call("huc", "http://orders/fault?rate=1").callStatus()).isEqualTo("200");
        assertThat(shop.call("huc", "http://orders/fails").callStatus()).isEqualTo("503");

        // Counters are added after the answer has left, so they may lag behind it.
        awaitCount(shopMetrics, OUTBOUND, "orders", "2xx", 4);
        // One call was answered 503, and tried three times in all.
        awaitText(
            shopMetrics, "weft_retries_total{service=\"orders.default.svc.cluster.local\"} 2\n");
        awaitCount(shopMetrics, OUTBOUND, "orders", "5xx", 1);
        awaitCount(shopMetrics, INBOUND, "shop", "2xx", 5);
        awaitCount(ordersMetrics, INBOUND, "orders", "2xx", 4);
        String orderText = scrape(ordersMetrics).body();
        assertThat(count(orderText, INBOUND, "orders", "5xx")).isPositive();
        assertThat(count(orderText, OUTBOUND, "", "2xx")).as("orders calls nobody").isZero();

        assertThat(orders.process().alive()).isTrue();

        HttpResponse<String> shopAnswer = scrape(shopMetrics);
        assertThat(shopAnswer.headers().firstValue("content-type").orElse(""))
            .startsWith("text/plain");
        assertThat(shopAnswer.body())
            .contains("# TYPE weft_requests_total counter")
            .contains(
                "weft_instrumentation_info{unit=\"httpurlconnection-8\","
                    + "library=\"java.net.HttpURLConnection\",version=\"")
            .contains("weft_request_duration_seconds_bucket{direction=\"outbound\"");
        for (String text : List.of(orderText, shopAnswer.body())) {
          assertPrometheusText(text);
          assertThat(text).doesNotContain("hidden-in-a-query", "/hello", "BEGIN", "weft-join");
          for (String part : token.split("\\.")) {
            assertThat(text).doesNotContain(part);
          }
        }
      }
    }
  }

  @Test
  void countsHandshakesAndConnections() {
    int ordersMetrics = FreePort.next();
    int shopMetrics = FreePort.next();
    try (ControlServer control = ControlServer.start();
        App orders = instance(control, "orders", ordersMetrics).start();
        App shop = instance(control, "shop", shopMetrics).start()) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      for (String client : List.of("huc", "apache", "jdk")) {
        for (int i = 0; i < 3; i++) {
          assertThat(shop.call(client, "http://orders/hello").callStatus()).isEqualTo("200");
        }
      }
      String ok = "weft_handshakes_total{direction=\"%s\",outcome=\"ok\",reason=\"none\"} 3\n";
      String mtls = "weft_connections_total{direction=\"%s\",security=\"mtls\"} 3\n";
      awaitText(shopMetrics, String.format(ok, "outbound"), String.format(mtls, "outbound"));
      awaitText(ordersMetrics, String.format(ok, "inbound"), String.format(mtls, "inbound"));
      awaitText(
          shopMetrics, "weft_connections_total{direction=\"inbound\",security=\"plaintext\"} ");

      control.apply(
          """
          apiVersion: security.istio.io/v1
          kind: PeerAuthentication
          metadata:
            name: default
            namespace: default
          spec:
            mtls:
              mode: STRICT
          """);
      Awaitility.await("STRICT in force")
          .atMost(Duration.ofSeconds(5))
          .until(() -> orders.get("/fault").status() != 200);
      awaitText(
          ordersMetrics,
          "weft_handshakes_total{direction=\"inbound\",outcome=\"refused\",reason=\"plaintext\"} ");
    }
  }

  @Test
  void opensNoPortWithoutTheSetting() {
    Assumptions.assumeTrue(ListeningPorts.known(), "only Linux tells the ports of a process");
    int metrics = FreePort.next();
    try (ControlServer control = ControlServer.start();
        App without = App.of("shop").mesh(control, "shop").start();
        App with = instance(control, "orders", metrics).start()) {
      control.awaitLive("shop", 1);
      control.awaitLive("orders", 1);
      assertThat(ListeningPorts.of(with.process().pid()))
          .as("the setting adds its port, and this check sees it")
          .containsExactlyInAnyOrder(with.port(), metrics);
      assertThat(ListeningPorts.of(without.process().pid())).containsExactly(without.port());
    }
  }

  private static App.Builder instance(ControlServer control, String service, int metricsPort) {
    return App.of(service)
        .mesh(control, service)
        .setting("metrics-port", String.valueOf(metricsPort));
  }

  private static void awaitCount(
      int port, String prefix, String service, String statusClass, long expected) {
    Awaitility.await(expected + " of " + prefix + service + " " + statusClass)
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              String text = scrape(port).body();
              assertThat(count(text, prefix, service, statusClass)).as(text).isEqualTo(expected);
            });
  }

  private static void awaitText(int port, String... expected) {
    Awaitility.await(String.join(", ", expected))
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(scrape(port).body()).contains(expected));
  }

  /** The sum of the series of one service (by its short or full name) and class of status. */
  private static long count(String text, String prefix, String service, String statusClass) {
    Pattern series =
        Pattern.compile(
            Pattern.quote(prefix + service)
                + "[^}]*status_class=\""
                + statusClass
                + "\"[^}]*\\} (\\d+)");
    Matcher matcher = series.matcher(text);
    long sum = 0;
    while (matcher.find()) {
      sum += Long.parseLong(matcher.group(1));
    }
    return sum;
  }

  private static void assertPrometheusText(String text) {
    assertThat(text).endsWith("\n");
    for (String line : text.split("\n")) {
      assertThat(line)
          .matches("# (HELP|TYPE) .+|[a-z_]+(\\{([a-z_]+=\"[^\"]*\",?)*\\})? [-+0-9.eEInfNa]+");
    }
  }

  private static HttpResponse<String> scrape(int port) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
            .timeout(Duration.ofSeconds(5))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }
}
