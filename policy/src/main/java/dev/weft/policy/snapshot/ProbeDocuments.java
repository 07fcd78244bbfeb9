package dev.weft.policy.snapshot;

import java.util.Map;

/** The wire document of a readiness probe. */
final class ProbeDocuments {
  private ProbeDocuments() {}

  static ReadinessProbe probe(JsonObject from) {
    return ReadinessProbe.builder()
        .method(from.constant("method", ReadinessProbe.Method.class, ReadinessProbe.Method.HTTP))
        .host(from.text("host", ""))
        .port(from.intValue("port", 0))
        .path(from.text("path", "/"))
        .headers(from.textMap("headers"))
        .initialDelaySeconds(from.intValue("initialDelaySeconds", 0))
        .timeoutSeconds(from.intValue("timeoutSeconds", 1))
        .periodSeconds(from.intValue("periodSeconds", 10))
        .successThreshold(from.intValue("successThreshold", 1))
        .failureThreshold(from.intValue("failureThreshold", 3))
        .build();
  }

  static Map<String, Object> write(ReadinessProbe from) {
    return new JsonWriter()
        .text("method", from.method.name())
        .text("host", from.host)
        .number("port", from.port, 0)
        .text("path", from.path)
        .map("headers", from.headers, v -> v)
        .number("initialDelaySeconds", from.initialDelaySeconds, 0)
        .number("timeoutSeconds", from.timeoutSeconds, 1)
        .number("periodSeconds", from.periodSeconds, 10)
        .number("successThreshold", from.successThreshold, 1)
        .number("failureThreshold", from.failureThreshold, 3)
        .map();
  }
}
