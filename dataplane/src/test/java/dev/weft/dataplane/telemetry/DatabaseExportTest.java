package dev.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseExportTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String DATABASE = "postgresql://db-1.example:5432/orders";

  @TempDir Path dir;
  private final Telemetry telemetry = Telemetry.create();
  private Collector collector;

  @BeforeEach
  void start() throws IOException {
    collector = Collector.start();
    Map<String, String> properties = new HashMap<>();
    properties.put("otel.bsp.schedule.delay", "50");
    properties.put("otel.metric.export.interval", "100");
    properties.put("otel.exporter.otlp.endpoint", collector.url());
    telemetry.start(
        TelemetryConfig.builder("orders", "shop")
            .properties(properties)
            .environment(name -> null)
            .accessLog(dir.resolve("log").toString())
            .build());
  }

  @AfterEach
  void stop() {
    telemetry.close();
    collector.close();
  }

  private static DatabaseActivity statement(long millis) {
    return DatabaseActivity.of(
            false,
            "postgresql",
            DATABASE,
            "orders",
            "shop/orders-db",
            TimeUnit.MILLISECONDS.toNanos(millis))
        .server("db-1.example", 5432)
        .statement("INSERT", "items", "INSERT items", "INSERT INTO items VALUES (?)", 3);
  }

  @Test
  void exportsAStatementByTheStableConventions() {
    TraceContext before = TraceContext.swap(TraceContext.parse(PARENT, null));
    telemetry.database(statement(20).failed("23505", new IllegalStateException()));
    TraceContext.swap(before);

    await().until(() -> !collector.spans.isEmpty());
    Span span = collector.spans.get(0);
    assertThat(span.getName()).isEqualTo("INSERT items");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(span.getParentSpanId().isEmpty()).isFalse();
    assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(20_000_000L);
    assertThat(Collector.attributes(span.getAttributesList()))
        .containsEntry("db.system.name", "postgresql")
        .containsEntry("db.namespace", "orders")
        .containsEntry("db.operation.name", "INSERT")
        .containsEntry("db.operation.batch.size", "3")
        .containsEntry("db.collection.name", "items")
        .containsEntry("db.query.summary", "INSERT items")
        .containsEntry("db.query.text", "INSERT INTO items VALUES (?)")
        .containsEntry("db.response.status_code", "23505")
        .containsEntry("error.type", "23505")
        .containsEntry("server.address", "db-1.example")
        .containsEntry("server.port", "5432")
        .containsEntry("weft.policy", "shop/orders-db")
        .doesNotContainKey("weft.response_detail");
  }

  @Test
  void makesNoSpanOfAConnectThatBelongsToNoRequest() {
    DatabaseActivity connect =
        DatabaseActivity.of(true, "postgresql", DATABASE, "orders", "shop/orders-db", 1);
    telemetry.database(connect);
    assertThat(connect.context).isNull();
    TraceContext before = TraceContext.swap(TraceContext.parse(PARENT, null));
    telemetry.database(
        DatabaseActivity.of(true, "postgresql", DATABASE, "orders", "shop/orders-db", 1)
            .attempts(2)
            .refused("BREAK", "08001"));
    TraceContext.swap(before);
    await().until(() -> !collector.spans.isEmpty());
    assertThat(collector.spans.get(0).getName()).isEqualTo("CONNECT orders");
    assertThat(Collector.attributes(collector.spans.get(0).getAttributesList()))
        .containsEntry("weft.response_detail", "BREAK;shop/orders-db")
        .containsEntry("weft.attempts", "2")
        .containsEntry("error.type", "08001");
  }

  @Test
  void exportsDurationsByTheNameAndTheBoundsOfTheConventions() {
    telemetry.database(statement(20));
    await().until(() -> collector.metric("db.client.operation.duration") != null);
    HistogramDataPoint point =
        collector.metric("db.client.operation.duration").getHistogram().getDataPoints(0);
    assertThat(point.getExplicitBoundsList())
        .containsExactly(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0);
    assertThat(Collector.attributes(point.getAttributesList()))
        .containsOnlyKeys(
            "db.system.name", "db.namespace", "server.address", "server.port", "db.operation.name");
    assertThat(PrometheusText.of(telemetry.meters()))
        .contains(
            "weft_database_operation_duration_seconds_count{system=\"postgresql\","
                + "namespace=\"orders\",server=\"db-1.example\",port=\"5432\","
                + "operation=\"INSERT\",error=\"\"} 1");
  }

  @Test
  void logsSlowAndRefusedStatementsOnly() throws IOException {
    telemetry.database(statement(20));
    telemetry.database(statement(20).slow(true));
    telemetry.database(statement(0).refused("GUARD", "42501"));
    telemetry.close();
    List<String> lines = Files.readAllLines(dir.resolve("log"));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .contains("\"direction\":\"database\"")
        .contains("\"database\":\"" + DATABASE + "\"")
        .contains("\"operation\":\"INSERT\"")
        .contains("\"statement\":\"INSERT INTO items VALUES (?)\"")
        .contains("\"duration_us\":20000")
        .contains("\"slow\":1")
        .contains("\"trace_id\":\"");
    assertThat(lines.get(1)).contains("\"detail\":\"GUARD;shop/orders-db\"").contains("\"slow\":0");
    assertThat(PrometheusText.of(telemetry.meters()))
        .contains("weft_database_slow_statements_total{database=\"" + DATABASE + "\"} 1")
        .contains(
            "weft_database_rejections_total{database=\""
                + DATABASE
                + "\",stage=\"GUARD\",policy=\"shop/orders-db\"} 1");
  }
}
