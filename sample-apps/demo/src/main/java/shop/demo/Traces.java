package shop.demo;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A small collector that takes spans as Jaeger would (OTLP over HTTP) and prints a trace. */
final class Traces {
  private final HttpServer server;
  private final List<Seen> spans = new CopyOnWriteArrayList<>();

  /** A span and the service that reported it. */
  private record Seen(String service, Span span) {
    String trace() {
      return hex(span.getTraceId().toByteArray());
    }

    String id() {
      return hex(span.getSpanId().toByteArray());
    }

    String parent() {
      return hex(span.getParentSpanId().toByteArray());
    }
  }

  Traces() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          if ("gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"))) {
            body =
                new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(body))
                    .readAllBytes();
          }
          take(ExportTraceServiceRequest.parseFrom(body));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void take(ExportTraceServiceRequest request) {
    request
        .getResourceSpansList()
        .forEach(
            resource -> {
              String service =
                  resource.getResource().getAttributesList().stream()
                      .filter(a -> a.getKey().equals("service.name"))
                      .map(a -> a.getValue().getStringValue())
                      .findFirst()
                      .orElse("?");
              resource
                  .getScopeSpansList()
                  .forEach(
                      scope -> scope.getSpansList().forEach(s -> spans.add(new Seen(service, s))));
            });
  }

  /** The newest trace in which all these services took part, as a tree; empty when none. */
  String newest(Set<String> services) {
    for (int i = spans.size() - 1; i >= 0; i--) {
      String trace = spans.get(i).trace();
      List<Seen> members =
          spans.stream().filter(s -> s.trace().equals(trace)).collect(Collectors.toList());
      Set<String> seen =
          members.stream().map(Seen::service).collect(Collectors.toCollection(TreeSet::new));
      if (seen.containsAll(services)) {
        StringBuilder tree = new StringBuilder("trace " + trace + "\n");
        members.stream()
            .filter(s -> members.stream().noneMatch(p -> p.id().equals(s.parent())))
            .forEach(root -> print(tree, members, root, 1));
        return tree.toString();
      }
    }
    return "";
  }

  private static void print(StringBuilder tree, List<Seen> members, Seen node, int depth) {
    long micros = (node.span().getEndTimeUnixNano() - node.span().getStartTimeUnixNano()) / 1000;
    tree.append("  ".repeat(depth))
        .append(
            String.format(
                "%-11s %-6s %s  %.1f ms%n",
                node.service(),
                node.span().getKind() == Span.SpanKind.SPAN_KIND_SERVER ? "server" : "client",
                node.span().getName(),
                micros / 1000.0));
    members.stream()
        .filter(s -> s.parent().equals(node.id()))
        .forEach(child -> print(tree, members, child, depth + 1));
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
