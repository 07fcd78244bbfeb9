package dev.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.MetricTag;
import dev.weft.policy.snapshot.SpanTag;
import dev.weft.policy.snapshot.TelemetryPolicy;
import dev.weft.policy.snapshot.TelemetrySide;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryPolicyTest {
  private static final String SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String UNSAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

  @TempDir Path dir;

  private final List<Exchange> spans = new ArrayList<>();
  private final Telemetry telemetry =
      Telemetry.create(
          new Tracing() {
            @Override
            public boolean isOn() {
              return true;
            }

            @Override
            public boolean sample(
                @Nullable TraceContext parent,
                TraceContext candidate,
                Exchange.Direction direction) {
              return true;
            }

            @Override
            public void export(Exchange exchange) {
              spans.add(exchange);
            }
          },
          ForeignSpans.NONE);

  private static TelemetrySide.Builder side() {
    return TelemetrySide.builder();
  }

  private void server(TelemetrySide.Builder side) {
    telemetry.policy(TelemetryPolicy.builder().server(side.build()).build());
  }

  private Exchange request(@Nullable String traceparent) {
    return telemetry.inbound("orders", "GET", "http", "orders", "/a?b=c", traceparent, null);
  }

  private Exchange served(int status) {
    Exchange exchange = request(null);
    exchange.conclude(status, null);
    return exchange;
  }

  private void logTo(Path file) {
    telemetry.start(
        TelemetryConfig.builder("orders", "shop")
            .accessLog(file.toString())
            .environment(name -> null)
            .build());
  }

  @Test
  void samplesTracesThatBeginHereAndFollowsThoseOfOthers() {
    start();
    server(side().samplingPercent(0));
    assertThat(request(null).isRecorded()).isFalse();
    assertThat(request(null).context().isSampled()).isFalse();
    assertThat(request(SAMPLED).isRecorded()).isTrue();
    assertThat(request(UNSAMPLED).isRecorded()).isFalse();
    assertThat(call().isRecorded()).as("the other direction").isTrue();
    server(side().samplingPercent(25));
    int recorded = 0;
    for (int i = 0; i < 4_000; i++) {
      recorded += request(null).isRecorded() ? 1 : 0;
    }
    assertThat(recorded).isBetween(800, 1_200);
    server(side().samplingPercent(100));
    assertThat(request(null).isRecorded()).isTrue();
    telemetry.policy(null);
    assertThat(request(UNSAMPLED).isRecorded()).as("as the agent's own sampler").isTrue();
  }

  private void start() {
    logTo(dir.resolve("unread.log"));
  }

  private Exchange call() {
    return telemetry.outbound("cart", "GET", "http", "cart", "/", null, null);
  }

  @Test
  void withoutSpansATracePassesThroughAsItCame() {
    start();
    server(side().spans(false));
    Exchange exchange = request(SAMPLED);
    assertThat(exchange.isRecorded()).isFalse();
    assertThat(exchange.context().header()).isEqualTo(SAMPLED);
    assertThat(request(null).context()).isNull();
    exchange.conclude(200, null);
    assertThat(spans).isEmpty();
  }

  @Test
  void saysWhetherCallsCarryTheirTrace() {
    start();
    assertThat(call().propagates()).isTrue();
    telemetry.policy(TelemetryPolicy.builder().client(side().propagation(false).build()).build());
    assertThat(call().propagates()).isFalse();
  }

  @Test
  void spansCarryLiteralsVariablesAndHeaders() {
    start();
    server(
        side()
            .tags(
                Arrays.asList(
                    SpanTag.builder().name("a").value("x").build(),
                    tag("b", SpanTag.Origin.ENVIRONMENT, "WEFT_NOT_SET", "y"),
                    tag("c", SpanTag.Origin.ENVIRONMENT, "PATH", null),
                    tag("d", SpanTag.Origin.HEADER, "X-Tenant", null),
                    tag("e", SpanTag.Origin.HEADER, "x-other", "z"),
                    tag("f", SpanTag.Origin.HEADER, "x-other", null))));
    Exchange exchange = request(null);
    assertThat(exchange.wantsHeaders()).isTrue();
    exchange.headers(name -> name.equals("x-tenant") ? "acme" : null);
    exchange.conclude(200, null);
    assertThat(SpanAttributes.of(spans.get(0), 100).asMap().toString())
        .contains("a=x", "b=y", "c=" + System.getenv("PATH").substring(0, 5), "d=acme", "e=z")
        .doesNotContain("f=");
    telemetry.policy(null);
    assertThat(request(null).wantsHeaders()).isFalse();
  }

  private static SpanTag tag(
      String name, SpanTag.Origin origin, String value, @Nullable String absent) {
    return SpanTag.builder().name(name).origin(origin).value(value).defaultValue(absent).build();
  }

  @Test
  void theLogHasWhatPolicyWants() throws IOException {
    Path log = dir.resolve("access.log");
    logTo(log);
    served(200);
    server(side().log(TelemetrySide.Log.OFF));
    served(201);
    server(
        side()
            .log(TelemetrySide.Log.ON)
            .logFilter("response.code >= 500 && request.headers['x-a'] == 'b'"));
    served(202);
    served(500);
    Exchange wanted = request(null);
    wanted.headers(name -> "b");
    wanted.conclude(501, null);
    server(side().log(TelemetrySide.Log.ON).logFilter("not an expression"));
    served(502);
    telemetry.policy(null);
    served(503);
    telemetry.close();
    List<String> lines = Files.readAllLines(log, StandardCharsets.US_ASCII);
    assertThat(lines)
        .extracting(line -> line.replaceAll(".*\"status\":(\\d+).*", "$1"))
        .containsExactly("200", "501", "502", "503");
    assertThat(telemetry.meters().telemetryFaults().with("policy").sum()).isEqualTo(1);
  }

  @Test
  void metricsAreRecordedAsPolicyWants() {
    start();
    served(200);
    server(side().disabledMetrics(Collections.singletonList("REQUEST_COUNT")));
    served(200);
    assertThat(requests())
        .containsExactly(
            "{direction=inbound, service=orders, route=-,"
                + " status_class=2xx, response_flag=-}=1");
    assertThat(durations("-")).isEqualTo(2);
    server(side().disabledMetrics(Arrays.asList("REQUEST_COUNT", "REQUEST_DURATION")));
    served(200);
    assertThat(durations("-")).isEqualTo(2);
    server(
        side()
            .metricTags(
                Arrays.asList(
                    MetricTag.builder().metric("REQUEST_COUNT").tag("route").build(),
                    MetricTag.builder().metric("REQUEST_COUNT").tag("no-such-label").build(),
                    label("service", "'shop'"),
                    label("my-method", "request.method"),
                    label("tenant", "request.headers['x-tenant']"))));
    served(404);
    served(404);
    assertThat(requests())
        .contains(
            "{direction=inbound, service=shop, route=, status_class=4xx, response_flag=-,"
                + " my_method=GET, tenant=unknown}=2");
    assertThat(durations("-")).isEqualTo(4);
    assertThat(PrometheusText.of(telemetry.meters()))
        .contains("response_flag=\"-\",my_method=\"GET\",tenant=\"unknown\"} 2");
  }

  private static MetricTag label(String name, String value) {
    return MetricTag.builder().metric("REQUEST_COUNT").tag(name).value(value).build();
  }

  @Test
  void whatCallersSendMakesABoundedNumberOfSeries() {
    start();
    server(side().metricTags(Collections.singletonList(label("path", "request.path"))));
    for (int i = 0; i < 3_000; i++) {
      Exchange exchange = telemetry.inbound("orders", "GET", "http", "orders", "/" + i, null, null);
      exchange.conclude(200, null);
    }
    assertThat(telemetry.meters().requests().series().size()).isEqualTo(Meters.MAX_SERIES + 1);
  }

  private List<String> requests() {
    MeterFamily<java.util.concurrent.atomic.LongAdder> family = telemetry.meters().requests();
    List<String> rows = new ArrayList<>();
    for (Map.Entry<Labels, java.util.concurrent.atomic.LongAdder> each :
        family.series().entrySet()) {
      List<String> names = each.getKey().names(family.labelNames());
      List<String> pairs = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        pairs.add(names.get(i) + "=" + each.getKey().values().get(i));
      }
      rows.add("{" + String.join(", ", pairs) + "}=" + each.getValue().sum());
    }
    return rows;
  }

  private long durations(String route) {
    long sum = 0;
    for (long count : telemetry.meters().durations().with("inbound", "orders", route).counts()) {
      sum += count;
    }
    return sum;
  }

  @Test
  void nobodyReadsUntilPolicyWantsALog() {
    Telemetry idle = Telemetry.create();
    idle.start(
        TelemetryConfig.builder("orders", "shop")
            .properties(Collections.singletonMap("otel.sdk.disabled", "true"))
            .environment(name -> null)
            .build());
    assertThat(idle.isIdle()).isTrue();
    idle.policy(TelemetryPolicy.builder().client(side().log(TelemetrySide.Log.ON).build()).build());
    assertThat(idle.isIdle()).isFalse();
    idle.policy(null);
    assertThat(idle.isIdle()).isTrue();
    idle.close();
  }
}
