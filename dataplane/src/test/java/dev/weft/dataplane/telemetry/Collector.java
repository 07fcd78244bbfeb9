package dev.weft.dataplane.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Receives OTLP over HTTP and decodes it. */
final class Collector implements Closeable {

  final List<Span> spans = new CopyOnWriteArrayList<>();
  final List<Metric> metrics = new CopyOnWriteArrayList<>();
  final List<String> threads = new CopyOnWriteArrayList<>();
  volatile Resource resource = Resource.getDefaultInstance();
  volatile String apiKey;
  private final HttpServer server;

  private Collector(HttpServer server) {
    this.server = server;
  }

  static Collector start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    Collector collector = new Collector(server);
    server.createContext("/v1/traces", collector::traces);
    server.createContext("/v1/metrics", collector::metrics);
    server.start();
    return collector;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Metric metric(String name) {
    Metric found = null;
    for (Metric metric : metrics) {
      found = metric.getName().equals(name) ? metric : found;
    }
    return found;
  }

  static Map<String, String> attributes(List<KeyValue> attributes) {
    Map<String, String> texts = new HashMap<>();
    for (KeyValue attribute : attributes) {
      texts.put(
          attribute.getKey(),
          attribute.getValue().hasStringValue()
              ? attribute.getValue().getStringValue()
              : Long.toString(attribute.getValue().getIntValue()));
    }
    return texts;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void traces(HttpExchange exchange) throws IOException {
    for (ResourceSpans each :
        ExportTraceServiceRequest.parseFrom(body(exchange)).getResourceSpansList()) {
      resource = each.getResource();
      for (ScopeSpans scope : each.getScopeSpansList()) {
        spans.addAll(scope.getSpansList());
      }
    }
    answer(exchange);
  }

  private void metrics(HttpExchange exchange) throws IOException {
    for (ResourceMetrics each :
        ExportMetricsServiceRequest.parseFrom(body(exchange)).getResourceMetricsList()) {
      for (ScopeMetrics scope : each.getScopeMetricsList()) {
        metrics.addAll(scope.getMetricsList());
      }
    }
    answer(exchange);
  }

  private InputStream body(HttpExchange exchange) throws IOException {
    apiKey = exchange.getRequestHeaders().getFirst("x-api-key");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      threads.add(thread.getName());
    }
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}
