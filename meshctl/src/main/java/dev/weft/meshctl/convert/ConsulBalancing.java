package dev.weft.meshctl.convert;

import static dev.weft.meshctl.convert.Specs.map;

import java.util.List;
import java.util.Map;

/** The load balancer of a service-resolver. Pure functions. */
final class ConsulBalancing {
  private ConsulBalancing() {}

  static Map<String, Object> of(Foreign balancer, String service, Converted converted) {
    return switch (balancer.text("Policy")) {
      case "random" -> map("simple", "RANDOM");
      case "round_robin" -> map("simple", "ROUND_ROBIN");
      case "least_request" -> map("simple", "LEAST_REQUEST");
      case "ring_hash", "maglev" -> hash(balancer, service, converted);
      default -> Map.of();
    };
  }

  private static Map<String, Object> hash(Foreign balancer, String service, Converted converted) {
    List<Foreign> policies = balancer.objects("HashPolicies");
    Foreign first = policies.isEmpty() ? balancer.object("none") : policies.get(0);
    String value = first.text("FieldValue");
    Map<String, Object> hash =
        switch (first.text("Field")) {
          case "header" -> map("httpHeaderName", value);
          case "query_parameter" -> map("httpQueryParameterName", value);
          case "cookie" -> map("httpCookie", map("name", value));
          default -> map();
        };
    if (hash.isEmpty()) {
      converted.gap("the hash of " + service + ": only a header, cookie or query parameter can be");
      return Map.of();
    }
    double size = balancer.object("RingHashConfig").number("MinimumRingSize", 0);
    if (balancer.text("Policy").equals("maglev")) {
      hash.put("maglev", map("tableSize", 65537L));
    } else if (size > 0) {
      hash.put("ringHash", map("minimumRingSize", (long) size));
    }
    return map("consistentHash", hash);
  }
}
