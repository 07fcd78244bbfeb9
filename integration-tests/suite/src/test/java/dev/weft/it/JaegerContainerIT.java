package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/**
 * A trace across two services, read back from a real Jaeger in a container.
 *
 * <p>Skipped where no docker engine runs. The same behaviour is covered without docker by {@link
 * TracingIT}, which reads the exported spans with a collector of its own.
 */
@EnabledIf("dockerRuns")
@Testcontainers
class JaegerContainerIT {
  private static final int OTLP = 4318;
  private static final int QUERY = 16686;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Container
  private static final GenericContainer<?> JAEGER =
      new GenericContainer<>("jaegertracing/all-in-one:1.62.0")
          .withEnv("COLLECTOR_OTLP_ENABLED", "true")
          .withExposedPorts(OTLP, QUERY)
          .waitingFor(Wait.forHttp("/").forPort(QUERY));

  /** Asked by JUnit before anything is started. */
  static boolean dockerRuns() {
    boolean runs = DockerClientFactory.instance().isDockerAvailable();
    if (!runs) {
      System.out.println("SKIPPED JaegerContainerIT: no docker engine");
    }
    return runs;
  }

  @Test
  void jaegerShowsOneTraceOfBothServices() {
    try (ControlServer control = ControlServer.start();
        App orders = traced("orders", control);
        App shop = traced("shop", control)) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      assertThat(shop.call("huc", "http://orders/jaeger").callStatus()).isEqualTo("200");
      Awaitility.await("Jaeger to show the trace")
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(250))
          .untilAsserted(() -> assertTrace(traces()));
      assertThat(orders.process().output()).doesNotContain("\tat ");
    }
  }

  /** One trace holds the spans of the shop (server and client) and of orders (server). */
  private static void assertTrace(JsonNode traces) {
    for (JsonNode trace : traces.path("data")) {
      Set<String> spans = new TreeSet<>();
      for (JsonNode span : trace.path("spans")) {
        String process = span.path("processID").asText();
        String service = trace.path("processes").path(process).path("serviceName").asText();
        for (JsonNode tag : span.path("tags")) {
          if (tag.path("key").asText().equals("span.kind")) {
            spans.add(service + " " + tag.path("value").asText());
          }
        }
      }
      if (spans.equals(Set.of("shop server", "shop client", "orders server"))) {
        return;
      }
    }
    throw new AssertionError("no trace of shop and orders in " + traces);
  }

  private static JsonNode traces() throws IOException, InterruptedException {
    URI query =
        URI.create(
            "http://"
                + JAEGER.getHost()
                + ":"
                + JAEGER.getMappedPort(QUERY)
                + "/api/traces?service=shop&lookback=1h&limit=20");
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(query).build(), HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(answer.body());
  }

  private static App traced(String service, ControlServer control) {
    return App.of(service)
        .mesh(control, service)
        .environment(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://" + JAEGER.getHost() + ":" + JAEGER.getMappedPort(OTLP))
        .environment("OTEL_METRICS_EXPORTER", "none")
        .environment("OTEL_BSP_SCHEDULE_DELAY", "300")
        .start();
  }
}
