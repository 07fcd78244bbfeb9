package dev.weft.it.rig;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** An OTLP collector over HTTP that keeps what it is sent. */
public final class Collector implements AutoCloseable {
  private final HttpServer server;
  private final List<Seen> spans = new CopyOnWriteArrayList<>();

  private Collector(HttpServer server) {
    this.server = server;
  }

  /** Listens on a free port. */
  public static Collector open() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      Collector collector = new Collector(server);
      server.createContext(
          "/v1/traces",
          exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if ("gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"))) {
              body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
            }
            collector.take(ExportTraceServiceRequest.parseFrom(body));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
      return collector;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What {@code OTEL_EXPORTER_OTLP_ENDPOINT} is set to. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** All spans so far. */
  public List<Seen> spans() {
    return List.copyOf(spans);
  }

  /** The span that a span names as its parent, of this service and side; fails without. */
  public static Seen parent(List<Seen> spans, Seen child, String service, boolean server) {
    return spans.stream()
        .filter(s -> s.id().equals(child.parent()) && s.trace().equals(child.trace()))
        .filter(s -> s.service().equals(service) && s.server() == server)
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("no parent of " + child.service() + " in " + service));
  }

  private void take(ExportTraceServiceRequest request) {
    request
        .getResourceSpansList()
        .forEach(
            resource -> {
              String service = value(resource.getResource().getAttributesList(), "service.name");
              resource
                  .getScopeSpansList()
                  .forEach(
                      s -> s.getSpansList().forEach(span -> spans.add(new Seen(service, span))));
            });
  }

  private static String value(List<KeyValue> attributes, String key) {
    for (KeyValue attribute : attributes) {
      if (attribute.getKey().equals(key)) {
        return attribute.getValue().hasIntValue()
            ? String.valueOf(attribute.getValue().getIntValue())
            : attribute.getValue().getStringValue();
      }
    }
    return "";
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** A span and the service that sent it. */
  public record Seen(String service, Span span) {
    /** The trace it belongs to, in hex. */
    public String trace() {
      return HexFormat.of().formatHex(span.getTraceId().toByteArray());
    }

    /** Its own identifier, in hex. */
    public String id() {
      return HexFormat.of().formatHex(span.getSpanId().toByteArray());
    }

    /** Its parent's identifier, in hex; empty for a root. */
    public String parent() {
      return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
    }

    /** True for the receiving side. */
    public boolean server() {
      return span.getKind() == Span.SpanKind.SPAN_KIND_SERVER;
    }

    /** One attribute as text, empty when absent. */
    public String attribute(String key) {
      return value(span.getAttributesList(), key);
    }
  }
}
