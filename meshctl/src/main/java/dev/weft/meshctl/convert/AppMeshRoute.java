package dev.weft.meshctl.convert;

import static dev.weft.meshctl.convert.Specs.list;
import static dev.weft.meshctl.convert.Specs.map;
import static dev.weft.meshctl.convert.Specs.put;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One HTTP route of App Mesh. */
final class AppMeshRoute {
  private static final Map<String, String> RETRY_ON =
      Map.of(
          "server-error", "5xx",
          "gateway-error", "gateway-error",
          "client-error", "retriable-4xx",
          "stream-error", "refused-stream",
          "connection-error", "connect-failure");

  private final Foreign http;
  private final Map<String, String> nodes;
  private final Converted converted;

  AppMeshRoute(Foreign http, Map<String, String> nodes, Converted converted) {
    this.http = http;
    this.nodes = nodes;
    this.converted = converted;
  }

  Map<String, Object> rule(String name) {
    Map<String, Object> rule = map("name", name);
    Map<String, Object> match = match(http.object("match"));
    if (!match.isEmpty()) {
      rule.put("match", list(match));
    }
    List<Object> backends = new ArrayList<>();
    for (Foreign target : http.object("action").objects("weightedTargets")) {
      String node = target.text("virtualNode");
      Map<String, Object> destination = map("host", nodes.getOrDefault(node, node));
      if (target.has("port")) {
        destination.put("port", map("number", (long) target.number("port", 0)));
      }
      backends.add(map("destination", destination, "weight", (long) target.number("weight", 0)));
    }
    rule.put("route", backends);
    Foreign timeout = http.object("timeout");
    put(rule, "timeout", AppMesh.duration(timeout.object("perRequest")));
    put(rule, "retries", retries(http.object("retryPolicy")));
    return rule;
  }

  private static Map<String, Object> match(Foreign from) {
    Map<String, Object> match = new LinkedHashMap<>();
    Foreign path = from.object("path");
    if (path.has("exact")) {
      match.put("uri", map("exact", path.text("exact")));
    } else if (path.has("regex")) {
      match.put("uri", map("regex", path.text("regex")));
    } else if (from.has("prefix") && !from.text("prefix").equals("/")) {
      match.put("uri", map("prefix", from.text("prefix")));
    }
    if (from.has("method")) {
      match.put("method", map("exact", from.text("method").toUpperCase(Locale.ROOT)));
    }
    if (from.has("scheme")) {
      match.put("scheme", map("exact", from.text("scheme")));
    }
    if (from.has("port")) {
      match.put("port", (long) from.number("port", 0));
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    Map<String, Object> without = new LinkedHashMap<>();
    for (Foreign header : from.objects("headers")) {
      Map<String, Object> wanted = ConsulRoute.text(header.object("match"));
      (header.flag("invert") ? without : headers).put(header.text("name"), wanted);
    }
    put(match, "headers", headers);
    put(match, "withoutHeaders", without);
    Map<String, Object> query = new LinkedHashMap<>();
    for (Foreign parameter : from.objects("queryParameters")) {
      query.put(parameter.text("name"), ConsulRoute.text(parameter.object("match")));
    }
    put(match, "queryParams", query);
    return match;
  }

  private Map<String, Object> retries(Foreign policy) {
    List<String> on = new ArrayList<>();
    List<String> events = new ArrayList<>(policy.texts("httpRetryEvents"));
    events.addAll(policy.texts("tcpRetryEvents"));
    for (String event : events) {
      String word = RETRY_ON.get(event);
      if (word == null) {
        converted.gap("the retry event " + event);
      } else if (!on.contains(word)) {
        on.add(word);
      }
    }
    long attempts = (long) policy.number("maxRetries", 0);
    if (attempts == 0 || on.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> retries = map("attempts", attempts);
    put(retries, "perTryTimeout", AppMesh.duration(policy.object("perRetryTimeout")));
    retries.put("retryOn", String.join(",", on));
    return retries;
  }
}
