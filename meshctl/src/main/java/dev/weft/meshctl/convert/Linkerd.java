package dev.weft.meshctl.convert;

import static dev.weft.meshctl.convert.Specs.list;
import static dev.weft.meshctl.convert.Specs.map;
import static dev.weft.meshctl.convert.Specs.put;

import dev.weft.meshctl.convert.Converter.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Linkerd's resources: routes of clients, service profiles, and who may call a server. */
final class Linkerd {
  private final List<Source> sources;
  private final String namespace;
  private final Converted converted;

  Linkerd(List<Source> sources, String namespace, Converted converted) {
    this.sources = sources;
    this.namespace = namespace;
    this.converted = converted;
  }

  void convert() {
    LinkerdServers servers = new LinkerdServers(namespace, converted);
    List<Source> profiles = new ArrayList<>();
    for (Source source : sources) {
      source.root().ignore("apiVersion", "kind", "metadata", "status");
      switch (source.root().text("kind")) {
        case "HTTPRoute" -> {
          if (servers.isOfServer(source)) {
            servers.addRoute(source);
          } else {
            route(source);
          }
        }
        case "Server" -> servers.addServer(source);
        case "AuthorizationPolicy" -> servers.addPolicy(source);
        case "MeshTLSAuthentication", "NetworkAuthentication" -> servers.addAuthentication(source);
        case "ServiceProfile" -> profiles.add(source);
        default ->
            Converter.unknown(source, "kind \"" + source.root().text("kind") + '"', converted);
      }
    }
    profiles.forEach(this::profile);
    servers.convert();
  }

  static String namespace(Source source, String standard) {
    String own = source.root().object("metadata").text("namespace");
    return own.isEmpty() ? standard : own;
  }

  static String name(Source source) {
    return source.root().object("metadata").text("name");
  }

  /** A route of clients is the Gateway API's own, under whichever group it was written. */
  @SuppressWarnings("unchecked") // a tree has names as keys
  private void route(Source source) {
    Map<String, Object> spec =
        source.root().tree("spec") instanceof Map<?, ?> tree
            ? new LinkedHashMap<>((Map<String, Object>) tree)
            : new LinkedHashMap<>();
    List<Object> parents = new ArrayList<>();
    if (spec.get("parentRefs") instanceof List<?> refs) {
      for (Object ref : refs) {
        Map<String, Object> parent = new LinkedHashMap<>((Map<String, Object>) ref);
        if (!"Gateway".equals(parent.get("kind"))) {
          parent.put("group", "");
          parents.add(parent);
        } else {
          converted.gap("the parent gateway " + parent.get("name") + " (" + source.file() + ")");
        }
      }
    }
    if (parents.isEmpty()) {
      Converter.unknown(source, "an HTTPRoute without a service as parent", converted);
      return;
    }
    spec.put("parentRefs", parents);
    converted.from("HTTPRoute " + name(source) + ", " + source.place());
    Map<String, String> annotations = source.root().object("metadata").textMap("annotations");
    annotations.keySet().stream()
        .filter(key -> key.contains("linkerd.io/"))
        .forEach(key -> converted.gap("the annotation " + key));
    converted.add(
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        namespace(source, namespace),
        name(source),
        spec);
  }

  private void profile(Source source) {
    Foreign spec = source.root().object("spec");
    String host = name(source);
    converted.from("ServiceProfile " + host + ", " + source.place());
    List<Object> rules = new ArrayList<>();
    List<Object> backends = new ArrayList<>();
    for (Foreign override : spec.objects("dstOverrides")) {
      String authority = override.text("authority").replaceFirst("\\.?(:\\d+)?$", "");
      long weight = Math.round(override.number("weight", 0) / 1000);
      backends.add(map("destination", map("host", authority), "weight", weight));
    }
    if (backends.isEmpty()) {
      backends.add(map("destination", map("host", host)));
    } else {
      converted.note("Linkerd's weights are in thousandths; they are parts of each other here.");
    }
    for (Foreign route : spec.objects("routes")) {
      profileRoute(route, backends, rules);
    }
    rules.add(map("route", backends));
    Map<String, Object> policy = budget(spec.object("retryBudget"));
    Converter.gaps(source, converted);
    String shortName = host.indexOf('.') < 0 ? host : host.substring(0, host.indexOf('.'));
    converted.add(
        "networking.istio.io/v1",
        "VirtualService",
        namespace(source, namespace),
        shortName,
        map("hosts", list(host), "http", rules));
    if (!policy.isEmpty()) {
      converted.add(
          "networking.istio.io/v1",
          "DestinationRule",
          namespace(source, namespace),
          shortName,
          map("host", host, "trafficPolicy", map("retryBudget", policy)));
    }
  }

  private void profileRoute(Foreign route, List<Object> backends, List<Object> rules) {
    Map<String, Object> rule = new LinkedHashMap<>();
    put(rule, "name", route.text("name"));
    Foreign condition = route.object("condition");
    Map<String, Object> match = new LinkedHashMap<>();
    if (condition.has("pathRegex")) {
      match.put("uri", map("regex", condition.text("pathRegex")));
    }
    if (condition.has("method")) {
      match.put("method", map("exact", condition.text("method")));
    }
    if (match.isEmpty()) {
      converted.gap("the route " + route.text("name") + ": its condition, and so the route");
      return;
    }
    rule.put("match", list(match));
    rule.put("route", backends);
    put(rule, "timeout", route.text("timeout"));
    if (route.flag("isRetryable")) {
      rule.put("retries", map("attempts", 2L, "retryOn", "5xx,connect-failure,refused-stream"));
      converted.note("Linkerd retries while its budget lasts; here at most twice, and the budget.");
    } else {
      rule.put("retries", map("attempts", 0L));
    }
    rules.add(rule);
  }

  private Map<String, Object> budget(Foreign budget) {
    Map<String, Object> policy = new LinkedHashMap<>();
    if (budget.has("retryRatio")) {
      double percent = Math.min(100, budget.number("retryRatio", 0.2) * 100);
      policy.put("percent", percent % 1 == 0 ? (Object) (long) percent : percent);
      put(policy, "budgetInterval", budget.text("ttl"));
      if (budget.has("minRetriesPerSecond")) {
        policy.put("minRetryConcurrency", (long) budget.number("minRetriesPerSecond", 0));
        converted.note("minRetriesPerSecond is a number of retries at one time here.");
      }
    }
    return policy;
  }
}
