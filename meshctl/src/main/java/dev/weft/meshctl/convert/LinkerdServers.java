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
 * Who may call a port of a workload: a Server denies all that nothing authorizes, and its other
 * ports stay as open as they were, so that each becomes one AuthorizationPolicy with ALLOW.
 */
final class LinkerdServers {
  private final String namespace;
  private final Converted converted;
  private final Map<String, Source> servers = new LinkedHashMap<>();
  private final Map<String, Source> routes = new LinkedHashMap<>();
  private final List<Source> policies = new ArrayList<>();
  private final LinkerdIdentities identities;

  LinkerdServers(String namespace, Converted converted) {
    this.namespace = namespace;
    this.converted = converted;
    this.identities = new LinkerdIdentities(namespace, converted);
  }

  private String key(Source source) {
    return Linkerd.namespace(source, namespace) + "/" + Linkerd.name(source);
  }

  boolean isOfServer(Source route) {
    return route.root().object("spec").objects("parentRefs").stream()
        .anyMatch(parent -> parent.text("kind").equals("Server"));
  }

  void addServer(Source source) {
    servers.put(key(source), source);
  }

  void addRoute(Source source) {
    routes.put(key(source), source);
  }

  void addPolicy(Source source) {
    policies.add(source);
  }

  void addAuthentication(Source source) {
    identities.add(key(source), source);
  }

  void convert() {
    servers.forEach(this::server);
    for (Source policy : policies) {
      Foreign target = policy.root().object("spec").object("targetRef");
      String wanted = Linkerd.namespace(policy, namespace) + "/" + target.text("name");
      boolean known =
          switch (target.text("kind")) {
            case "Server" -> servers.containsKey(wanted);
            case "HTTPRoute" -> routes.containsKey(wanted);
            default -> target.text("kind").equals("Namespace") && !servers.isEmpty();
          };
      if (!known) {
        Converter.unknown(
            policy, "an AuthorizationPolicy whose target is not among the files", converted);
      }
    }
  }

  private void server(String key, Source source) {
    Foreign spec = source.root().object("spec");
    spec.ignore("proxyProtocol");
    String access = spec.text("accessPolicy");
    converted.from("Server " + key + ", " + source.place());
    Map<String, Object> labels =
        new LinkedHashMap<>(spec.object("podSelector").textMap("matchLabels"));
    if (spec.object("podSelector").has("matchExpressions") || labels.isEmpty()) {
      converted.note("Without labels to pick workloads by, this holds for the whole namespace.");
    }
    String port = spec.text("port");
    boolean numbered = port.matches("[0-9]+");
    List<Object> rules = new ArrayList<>();
    if (numbered) {
      rules.add(map("to", list(map("operation", map("notPorts", list(port))))));
    } else {
      converted.gap("the name of the port, " + port + ": this holds for all ports of the workload");
    }
    Map<String, Object> onPort = numbered ? map("ports", list(port)) : map();
    if (access.startsWith("all-unauthenticated") || access.startsWith("cluster-unauthenticated")) {
      rules.add(rule(Map.of(), onPort));
    } else if (access.endsWith("-authenticated")) {
      rules.add(rule(map("principals", list("*")), onPort));
    }
    for (Source policy : policies) {
      authorize(policy, key, onPort, rules);
    }
    Converter.gaps(source, converted);
    Map<String, Object> policySpec = new LinkedHashMap<>();
    if (!labels.isEmpty()) {
      policySpec.put("selector", map("matchLabels", labels));
    }
    policySpec.put("action", "ALLOW");
    put(policySpec, "rules", rules);
    converted.add(
        "security.istio.io/v1",
        "AuthorizationPolicy",
        Linkerd.namespace(source, namespace),
        Linkerd.name(source),
        policySpec);
  }

  private void authorize(
      Source policy, String server, Map<String, Object> onPort, List<Object> rules) {
    Foreign spec = policy.root().object("spec");
    Foreign target = spec.object("targetRef");
    target.ignore("group");
    String own = Linkerd.namespace(policy, namespace);
    String wanted = own + "/" + target.text("name");
    List<Map<String, Object>> operations = new ArrayList<>();
    String kind = target.text("kind");
    if ((kind.equals("Server") && wanted.equals(server))
        || (kind.equals("Namespace") && server.startsWith(target.text("name") + "/"))) {
      operations.add(onPort);
    } else if (kind.equals("HTTPRoute") && routes.containsKey(wanted)) {
      Source route = routes.get(wanted);
      boolean here =
          route.root().object("spec").objects("parentRefs").stream()
              .anyMatch(parent -> server.equals(own + "/" + parent.text("name")));
      if (here) {
        operations.addAll(operations(route, onPort));
      }
    }
    if (operations.isEmpty()) {
      return;
    }
    converted.from("AuthorizationPolicy " + Linkerd.name(policy) + ", " + policy.place());
    List<Map<String, Object>> sources = identities.sources(spec, own);
    Converter.gaps(policy, converted);
    for (Map<String, Object> source : sources) {
      operations.forEach(operation -> rules.add(rule(source, operation)));
    }
  }

  private static Map<String, Object> rule(
      Map<String, Object> source, Map<String, Object> operation) {
    Map<String, Object> rule = new LinkedHashMap<>();
    if (!source.isEmpty()) {
      rule.put("from", list(map("source", source)));
    }
    if (!operation.isEmpty()) {
      rule.put("to", list(map("operation", operation)));
    }
    return rule;
  }

  /**
   * What the matches of a route let through; one that asks for more than can be said is left out.
   */
  private List<Map<String, Object>> operations(Source route, Map<String, Object> onPort) {
    List<Map<String, Object>> operations = new ArrayList<>();
    for (Foreign rule : route.root().object("spec").objects("rules")) {
      for (Foreign match : rule.objects("matches")) {
        Map<String, Object> operation = new LinkedHashMap<>(onPort);
        Foreign path = match.object("path");
        String value = path.text("value");
        String type = path.text("type");
        boolean regex = type.equals("RegularExpression");
        if (match.has("headers") || match.has("queryParams") || regex) {
          converted.gap(
              "a match on headers, query or an expression, left out since it would allow more: "
                  + route.file()
                  + ":"
                  + match.mark());
          continue;
        }
        if (type.equals("Exact")) {
          operation.put("paths", list(value));
        } else if (!value.isEmpty() && !value.equals("/")) {
          operation.put("paths", list(value, value.replaceFirst("/$", "") + "/*"));
        }
        if (match.has("method")) {
          operation.put("methods", list(match.text("method")));
        }
        operations.add(operation);
      }
    }
    return operations;
  }
}
