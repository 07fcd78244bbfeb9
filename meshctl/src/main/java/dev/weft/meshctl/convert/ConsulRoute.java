package dev.weft.meshctl.convert;

import static dev.weft.meshctl.convert.Specs.list;
import static dev.weft.meshctl.convert.Specs.map;
import static dev.weft.meshctl.convert.Specs.put;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One route of a service-router. Not thread-safe. */
final class ConsulRoute {
  private final Foreign destination;
  private final Map<String, Object> rule = new LinkedHashMap<>();

  ConsulRoute(Foreign route, Converted converted) {
    destination = route.object("Destination");
    Map<String, Object> match = match(route.object("Match").object("HTTP"));
    if (!match.isEmpty()) {
      rule.put("match", list(match));
    }
    String prefix = destination.text("PrefixRewrite");
    if (!prefix.isEmpty()) {
      rule.put("rewrite", map("uri", prefix));
    }
    put(rule, "headers", headers(destination));
    retries(converted);
  }

  String service(String own) {
    String service = destination.text("Service");
    return service.isEmpty() ? own : service;
  }

  String subset() {
    return destination.text("ServiceSubset");
  }

  void send(List<Object> backends, String standardTimeout) {
    rule.put("route", backends);
    String timeout = destination.text("RequestTimeout");
    put(rule, "timeout", timeout.isEmpty() || timeout.equals("0s") ? standardTimeout : timeout);
  }

  Map<String, Object> tree() {
    return rule;
  }

  private static Map<String, Object> match(Foreign http) {
    Map<String, Object> match = new LinkedHashMap<>();
    if (http.has("PathExact")) {
      match.put("uri", map("exact", http.text("PathExact")));
    } else if (http.has("PathPrefix")) {
      match.put("uri", map("prefix", http.text("PathPrefix")));
    } else if (http.has("PathRegex")) {
      match.put("uri", map("regex", http.text("PathRegex")));
    }
    if (http.flag("CaseInsensitive")) {
      match.put("ignoreUriCase", true);
    }
    List<String> methods = http.texts("Methods");
    if (methods.size() == 1) {
      match.put("method", map("exact", methods.get(0)));
    } else if (!methods.isEmpty()) {
      match.put("method", map("regex", String.join("|", methods)));
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    Map<String, Object> without = new LinkedHashMap<>();
    for (Foreign header : http.objects("Header")) {
      (header.flag("Invert") ? without : headers).put(header.text("Name"), text(header));
    }
    put(match, "headers", headers);
    put(match, "withoutHeaders", without);
    Map<String, Object> query = new LinkedHashMap<>();
    http.objects("QueryParam").forEach(param -> query.put(param.text("Name"), text(param)));
    put(match, "queryParams", query);
    return match;
  }

  /** A condition on a text; one that is only present is empty. */
  static Map<String, Object> text(Foreign condition) {
    condition.ignore("Present");
    if (condition.has("Exact")) {
      return map("exact", condition.text("Exact"));
    }
    if (condition.has("Prefix")) {
      return map("prefix", condition.text("Prefix"));
    }
    if (condition.has("Suffix")) {
      return map("regex", ".*" + Specs.quoted(condition.text("Suffix")));
    }
    if (condition.has("Contains")) {
      return map("regex", ".*" + Specs.quoted(condition.text("Contains")) + ".*");
    }
    return condition.has("Regex") ? map("regex", condition.text("Regex")) : map();
  }

  private void retries(Converted converted) {
    List<String> on = new ArrayList<>();
    if (destination.flag("RetryOnConnectFailure")) {
      on.add("connect-failure");
    }
    on.addAll(destination.texts("RetryOn"));
    on.addAll(destination.texts("RetryOnStatusCodes"));
    double attempts = destination.number("NumRetries", on.isEmpty() ? 0 : 1);
    if (attempts > 0) {
      Map<String, Object> retries = map("attempts", (long) attempts);
      put(retries, "retryOn", String.join(",", on));
      rule.put("retries", retries);
      if (on.isEmpty()) {
        converted.note("Retries are on Istio's standard conditions, as Consul's are.");
      }
    }
  }

  /** Edits of headers, which routes and splits have alike. */
  static Map<String, Object> headers(Foreign from) {
    Map<String, Object> headers = new LinkedHashMap<>();
    put(headers, "request", edits(from.object("RequestHeaders")));
    put(headers, "response", edits(from.object("ResponseHeaders")));
    return headers;
  }

  private static Map<String, Object> edits(Foreign from) {
    Map<String, Object> edits = new LinkedHashMap<>();
    put(edits, "set", from.textMap("Set"));
    put(edits, "add", from.textMap("Add"));
    put(edits, "remove", new ArrayList<Object>(from.texts("Remove")));
    return edits;
  }
}
