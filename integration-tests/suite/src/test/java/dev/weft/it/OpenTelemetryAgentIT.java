package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.Collector;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Jdk;
import dev.weft.it.rig.Rig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The OpenTelemetry agent in the same JVMs: the one makes the spans, the other the mesh. In each
 * run the caller has the OpenTelemetry agent before ours on its command line and the service called
 * has it after, or the other way round.
 */
class OpenTelemetryAgentIT {
  private static final List<String> CLIENTS = List.of("huc", "apache", "jdk", "jdk-async");

  static Stream<Arguments> runs() {
    List<Jdk> jdks = Rig.full() ? Jdk.all() : List.of(Jdk.current());
    List<Boolean> callerFirst = Rig.full() ? List.of(true, false) : List.of(true);
    return jdks.stream()
        .flatMap(
            jdk ->
                callerFirst.stream()
                    .flatMap(
                        first -> Stream.of(true, false).map(ext -> Arguments.of(jdk, first, ext))));
  }

  @ParameterizedTest(name = "{0}, caller has it first: {1}, extension: {2}")
  @MethodSource("runs")
  void bothAgentsMakeOnePicture(Jdk jdk, boolean callerHasItFirst, boolean extension) {
    try (Collector collector = Collector.open();
        ControlServer control = ControlServer.start()) {
      CompletableFuture<App> starting =
          CompletableFuture.supplyAsync(
              () -> start("orders", control, collector, jdk, !callerHasItFirst, extension));
      try (App shop = start("shop", control, collector, jdk, callerHasItFirst, extension);
          App orders = starting.join()) {
        control.awaitLive("orders", 1);
        control.awaitLive("shop", 1);
        for (String client : CLIENTS) {
          App.Answer answer = shop.call(client, "http://orders/item-" + client);
          assertThat(answer.callStatus()).as(client + ": " + answer).isEqualTo("200");
        }
        for (String client : CLIENTS) {
          Awaitility.await("the trace of " + client)
              .atMost(Duration.ofSeconds(15))
              .untilAsserted(() -> assertOneTrace(collector.spans(), client, extension));
        }
        assertThat(orders.accessLog().lines("/item-"))
            .isNotEmpty()
            .allMatch(line -> line.contains("/sa/shop"), "came over mTLS");
        for (App app : List.of(shop, orders)) {
          assertThat(app.process().output())
              .contains("opentelemetry-javaagent - version")
              .doesNotContain("VerifyError", "LinkageError", "NoClassDefFound", "\tat ");
          if (extension) {
            assertThat(app.process().output()).doesNotContain("OpenTelemetry agent makes");
          } else {
            assertThat(app.process().output()).contains("with -Dotel.javaagent.extensions=");
          }
        }
        Rig.figure(
            "%s beside the OpenTelemetry agent, caller has it first %s, extension %s: %d spans",
            jdk, callerHasItFirst, extension, collector.spans().size());
      }
    }
  }

  /** The caller's server and client span and the callee's server span, and not one more. */
  private static void assertOneTrace(List<Collector.Seen> spans, String client, boolean extension) {
    Collector.Seen served =
        spans.stream()
            .filter(s -> s.service().equals("orders") && s.server())
            .filter(s -> s.attribute("url.path").equals("/item-" + client))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no span of orders for " + client));
    List<Collector.Seen> trace =
        spans.stream().filter(s -> s.trace().equals(served.trace())).toList();
    assertThat(trace)
        .extracting(s -> s.service() + " " + s.span().getKind())
        .containsExactlyInAnyOrder(
            "shop SPAN_KIND_SERVER", "shop SPAN_KIND_CLIENT", "orders SPAN_KIND_SERVER");
    Collector.Seen called = byId(trace, served.parent());
    assertThat(called.service() + called.server()).isEqualTo("shopfalse");
    assertThat(byId(trace, called.parent()).server()).isTrue();
    if (extension) {
      assertThat(served.attribute("weft.peer")).endsWith("/sa/shop");
      assertThat(called.attribute("weft.peer"))
          .as(client + ": " + called.span())
          .endsWith("/sa/orders");
      assertThat(called.attribute("weft.attempts")).isEqualTo("1");
      assertThat(called.attribute("weft.service")).startsWith("orders.");
      assertThat(called.attribute("weft.route")).isEqualTo("-");
    } else {
      assertThat(List.of(served.span(), called.span()))
          .flatExtracting(span -> span.getAttributesList())
          .noneMatch(attribute -> attribute.getKey().startsWith("weft."));
    }
  }

  private static Collector.Seen byId(List<Collector.Seen> trace, String id) {
    return trace.stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no span " + id + " in its trace"));
  }

  private static App start(
      String service,
      ControlServer control,
      Collector collector,
      Jdk jdk,
      boolean otelFirst,
      boolean extension) {
    App.Builder app =
        App.of(service)
            .jdk(jdk)
            .mesh(control, service)
            .jvm("-XX:TieredStopAtLevel=1")
            .jvm("-XX:-PrintWarnings")
            .environment("OTEL_SERVICE_NAME", service)
            .environment("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())
            .environment("OTEL_METRICS_EXPORTER", "none")
            .environment("OTEL_LOGS_EXPORTER", "none")
            .environment("OTEL_BSP_SCHEDULE_DELAY", "300");
    String agent =
        "-javaagent:" + Path.of(System.getProperty("weft.agents"), "opentelemetry-javaagent.jar");
    if (extension) {
      app.jvm("-Dotel.javaagent.extensions=" + Rig.dist("mesh-agent.jar"));
    }
    return (otelFirst ? app.jvm(agent) : app.jvmAfterAgent(agent)).start();
  }
}
