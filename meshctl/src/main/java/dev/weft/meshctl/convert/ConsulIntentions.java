package dev.weft.meshctl.convert;

import static dev.weft.meshctl.convert.Specs.list;
import static dev.weft.meshctl.convert.Specs.map;
import static dev.weft.meshctl.convert.Specs.put;

import dev.weft.meshctl.convert.Converter.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Intentions as authorization policies. Consul takes the most specific source and the first
 * permission that matches; here a denial comes before every allowance. So a wildcard that denies is
 * left to what no rule allows, and an allowance that cannot be said in full is left out.
 */
final class ConsulIntentions {
  private final String namespace;
  private final Converted converted;
  private final List<Object> allowed = new ArrayList<>();
  private final List<Object> denied = new ArrayList<>();
  private boolean closed;
  private boolean open;

  ConsulIntentions(String namespace, Converted converted) {
    this.namespace = namespace;
    this.converted = converted;
  }

  void convert(String service, Foreign entry, Source source) {
    converted.from("service-intentions " + service + ", " + source.place());
    for (Foreign each : entry.objects("Sources")) {
      each.ignore(
          "Precedence", "Type", "Description", "LegacyID", "LegacyMeta", "LegacyCreateTime");
      each.ignore("LegacyUpdateTime");
      if (each.has("Peer") || each.has("SamenessGroup") || each.has("Partition")) {
        converted.gap("a source of another partition or peer: " + each.text("Name"));
        closed |= each.text("Action").equals("allow");
        continue;
      }
      source(each);
    }
    Converter.gaps(source, converted);
    Map<String, Object> spec = new LinkedHashMap<>();
    if (!service.equals("*")) {
      spec.put("selector", map("matchLabels", map("app", service)));
    }
    if (!denied.isEmpty()) {
      converted.add(
          "security.istio.io/v1",
          "AuthorizationPolicy",
          namespace,
          name(service) + "-deny",
          with(spec, "DENY", denied));
    }
    if (!open && (closed || !allowed.isEmpty())) {
      converted.note("What no rule allows is denied, whatever Consul's default is.");
      converted.add(
          "security.istio.io/v1",
          "AuthorizationPolicy",
          namespace,
          name(service) + "-allow",
          with(spec, "ALLOW", allowed));
    } else if (denied.isEmpty()) {
      converted.note("Everybody may call " + service + ": no policy is needed.");
    }
  }

  private static String name(String service) {
    return service.equals("*") ? "every-service" : service;
  }

  private static Map<String, Object> with(
      Map<String, Object> selector, String action, List<Object> rules) {
    Map<String, Object> spec = new LinkedHashMap<>(selector);
    spec.put("action", action);
    put(spec, "rules", rules);
    return spec;
  }

  private void source(Foreign each) {
    String name = each.text("Name");
    String from = each.text("Namespace").isEmpty() ? namespace : each.text("Namespace");
    boolean wildcard = name.equals("*");
    String action = each.text("Action");
    if (wildcard && action.equals("allow")) {
      open = true;
    } else if (wildcard && action.equals("deny")) {
      closed = true;
    } else if (action.equals("allow")) {
      allowed.add(map("from", list(from(from, name))));
    } else if (action.equals("deny")) {
      denied.add(map("from", list(from(from, name))));
    }
    for (Foreign permission : each.objects("Permissions")) {
      permission(permission, from(from, name));
    }
  }

  private static Map<String, Object> from(String namespace, String service) {
    String principal = service.equals("*") ? "*" : Specs.principal(namespace, service);
    return map("source", map("principals", list(principal)));
  }

  private void permission(Foreign permission, Map<String, Object> from) {
    boolean allows = permission.text("Action").equals("allow");
    closed |= allows;
    boolean whole = !permission.has("JWT");
    Foreign http = permission.object("HTTP");
    Map<String, Object> operation = new LinkedHashMap<>();
    if (http.has("PathExact")) {
      put(operation, "paths", list(http.text("PathExact")));
    } else if (http.has("PathPrefix")) {
      put(operation, "paths", list(http.text("PathPrefix") + "*"));
    } else if (http.has("PathRegex")) {
      whole = false;
    }
    put(operation, "methods", new ArrayList<Object>(http.texts("Methods")));
    List<Object> when = new ArrayList<>();
    for (Foreign header : http.objects("Header")) {
      whole &= condition(header, when);
    }
    if (!whole) {
      converted.gap(
          (allows
                  ? "an allowance, left out since it would allow more: "
                  : "part of a denial, which denies more without: ")
              + "conditions on JWTs, and expressions, at "
              + permission.mark());
    }
    if (allows && !whole) {
      return;
    }
    Map<String, Object> rule = map("from", list(from));
    if (!operation.isEmpty()) {
      rule.put("to", list(map("operation", operation)));
    }
    put(rule, "when", when);
    (allows ? allowed : denied).add(rule);
    if (!allows) {
      converted.note("Consul takes the first permission that matches; here denials come first.");
    }
  }

  /** Adds a condition on a header; returns whether it could be said. */
  private static boolean condition(Foreign header, List<Object> when) {
    String key = "request.headers[" + header.text("Name") + "]";
    String value;
    if (header.has("Exact")) {
      value = header.text("Exact");
    } else if (header.has("Prefix")) {
      value = header.text("Prefix") + "*";
    } else if (header.has("Suffix")) {
      value = "*" + header.text("Suffix");
    } else if (header.flag("Present")) {
      value = "*";
    } else {
      return false;
    }
    when.add(map("key", key, header.flag("Invert") ? "notValues" : "values", list(value)));
    return true;
  }
}
