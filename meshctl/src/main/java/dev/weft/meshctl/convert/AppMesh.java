package dev.weft.meshctl.convert;

import static dev.weft.meshctl.convert.Specs.list;
import static dev.weft.meshctl.convert.Specs.map;
import static dev.weft.meshctl.convert.Specs.put;

import dev.weft.meshctl.convert.Converter.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the API of AWS App Mesh answers for routes, virtual nodes and virtual services ({@code aws
 * appmesh describe-...}). The routes of a virtual router are one VirtualService here.
 */
final class AppMesh {
  private final List<Source> sources;
  private final Converted converted;

  /** Virtual router to the name that clients call. */
  private final Map<String, String> hosts = new TreeMap<>();

  /** Virtual node to its host. */
  private final Map<String, String> nodes = new TreeMap<>();

  private final Map<String, List<Source>> routes = new TreeMap<>();

  AppMesh(List<Source> sources, Converted converted) {
    this.sources = sources;
    this.converted = converted;
  }

  void convert() {
    List<Source> virtualNodes = new ArrayList<>();
    for (Source outer : sources) {
      Foreign root = outer.root();
      String wrapper =
          List.of("route", "virtualNode", "virtualService", "virtualRouter").stream()
              .filter(root::has)
              .findFirst()
              .orElse("");
      Source source = wrapper.isEmpty() ? outer : new Source(outer.file(), root.object(wrapper));
      source.root().ignore("meshName", "metadata", "status", "tags", "meshOwner");
      if (source.root().has("routeName")) {
        String router = source.root().text("virtualRouterName");
        routes.computeIfAbsent(router, key -> new ArrayList<>()).add(source);
      } else if (source.root().has("virtualNodeName")) {
        virtualNodes.add(source);
      } else if (source.root().has("virtualServiceName")) {
        service(source);
      } else if (!source.root().has("virtualRouterName")) {
        Converter.unknown(outer, "a document that is no route, node, router or service", converted);
      }
    }
    for (Source node : virtualNodes) {
      Foreign discovery = node.root().object("spec").object("serviceDiscovery");
      String dns = discovery.object("dns").text("hostname");
      String cloud = discovery.object("awsCloudMap").text("serviceName");
      String name = node.root().text("virtualNodeName");
      nodes.put(name, !dns.isEmpty() ? dns : !cloud.isEmpty() ? cloud : name);
    }
    virtualNodes.forEach(this::node);
    routes.forEach(this::router);
  }

  private void service(Source source) {
    Foreign provider = source.root().object("spec").object("provider");
    String router = provider.object("virtualRouter").text("virtualRouterName");
    if (!router.isEmpty()) {
      hosts.put(router, source.root().text("virtualServiceName"));
    }
  }

  private void router(String router, List<Source> written) {
    List<Source> ordered = new ArrayList<>(written);
    ordered.sort(
        Comparator.comparingDouble(
            route -> route.root().object("spec").number("priority", Double.MAX_VALUE)));
    String host = hosts.getOrDefault(router, router);
    List<Object> rules = new ArrayList<>();
    for (Source route : ordered) {
      String name = route.root().text("routeName");
      Foreign spec = route.root().object("spec");
      Foreign http = spec.has("httpRoute") ? spec.object("httpRoute") : spec.object("http2Route");
      if (!spec.has("httpRoute") && !spec.has("http2Route")) {
        Converter.unknown(route, "the route " + name + ", which is not of HTTP,", converted);
        continue;
      }
      converted.from("route " + name + " of " + router + ", " + route.place());
      rules.add(new AppMeshRoute(http, nodes, converted).rule(name));
      Converter.gaps(route, converted);
    }
    if (!rules.isEmpty()) {
      converted.add(
          "networking.istio.io/v1",
          "VirtualService",
          "",
          host,
          map("hosts", list(host), "http", rules));
    }
  }

  /** What callers hold to when they call a node; what its own port does is not theirs. */
  private void node(Source source) {
    String name = source.root().text("virtualNodeName");
    Foreign spec = source.root().object("spec");
    Map<String, Object> policy = new LinkedHashMap<>();
    List<Foreign> listeners = spec.objects("listeners");
    if (!listeners.isEmpty()) {
      Foreign listener = listeners.get(0);
      listener.ignore("portMapping");
      Foreign outlier = listener.object("outlierDetection");
      if (listener.has("outlierDetection")) {
        Map<String, Object> detection = new LinkedHashMap<>();
        detection.put("consecutive5xxErrors", (long) outlier.number("maxServerErrors", 5));
        put(detection, "interval", duration(outlier.object("interval")));
        put(detection, "baseEjectionTime", duration(outlier.object("baseEjectionDuration")));
        detection.put("maxEjectionPercent", (long) outlier.number("maxEjectionPercent", 10));
        policy.put("outlierDetection", detection);
      }
      put(policy, "connectionPool", pool(listener.object("connectionPool")));
    }
    if (policy.isEmpty()) {
      converted.note("The virtual node " + name + " needs nothing of its own.");
    } else {
      converted.from("virtual node " + name + ", " + source.place());
      converted.note("App Mesh holds to it at the node, Weft at its callers.");
    }
    Converter.gaps(source, converted);
    if (!policy.isEmpty()) {
      converted.add(
          "networking.istio.io/v1",
          "DestinationRule",
          "",
          name,
          map("host", nodes.getOrDefault(name, name), "trafficPolicy", policy));
    }
  }

  private static Map<String, Object> pool(Foreign pool) {
    Map<String, Object> http = new LinkedHashMap<>();
    Map<String, Object> tcp = new LinkedHashMap<>();
    Foreign first = pool.object("http");
    if (first.has("maxConnections")) {
      tcp.put("maxConnections", (long) first.number("maxConnections", 0));
      if (first.has("maxPendingRequests")) {
        http.put("http1MaxPendingRequests", (long) first.number("maxPendingRequests", 0));
      }
    }
    if (pool.object("http2").has("maxRequests")) {
      http.put("http2MaxRequests", (long) pool.object("http2").number("maxRequests", 0));
    }
    Map<String, Object> both = new LinkedHashMap<>();
    put(both, "tcp", tcp);
    put(both, "http", http);
    return both;
  }

  static String duration(Foreign duration) {
    String value = duration.text("value");
    return value.isEmpty() || value.equals("0") ? "" : value + duration.text("unit");
  }
}
