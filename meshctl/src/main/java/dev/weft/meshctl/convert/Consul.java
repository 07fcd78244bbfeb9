package dev.weft.meshctl.convert;

import static dev.weft.meshctl.convert.Specs.list;
import static dev.weft.meshctl.convert.Specs.map;
import static dev.weft.meshctl.convert.Specs.put;

import dev.weft.meshctl.convert.Converter.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Consul's configuration entries, as {@code consul config read} prints them, or as Kubernetes
 * resources. A service's router, splitter and resolver are one chain there, and one VirtualService
 * here.
 */
final class Consul {
  private static final Pattern EQUALITY =
      Pattern.compile("\\s*Service\\.Meta\\.([\\w.-]+)\\s*==\\s*\"?([\\w.-]*)\"?\\s*");

  private final List<Source> sources;
  private final String namespace;
  private final Converted converted;
  private final Map<String, Source> routers = new LinkedHashMap<>();
  private final Map<String, Source> splitters = new LinkedHashMap<>();
  private final Map<String, Source> resolvers = new LinkedHashMap<>();

  Consul(List<Source> sources, String namespace, Converted converted) {
    this.sources = sources;
    this.namespace = namespace;
    this.converted = converted;
  }

  void convert() {
    List<Source> intentions = new ArrayList<>();
    for (Source source : sources) {
      String kind = source.root().text("Kind").toLowerCase(Locale.ROOT).replace("-", "");
      source
          .root()
          .ignore("apiVersion", "metadata", "status", "Namespace", "Meta")
          .ignore("CreateIndex", "ModifyIndex", "Hash");
      switch (kind) {
        case "servicerouter" -> routers.put(name(source), source);
        case "servicesplitter" -> splitters.put(name(source), source);
        case "serviceresolver" -> resolvers.put(name(source), source);
        case "serviceintentions" -> intentions.add(source);
        default ->
            Converter.unknown(source, "kind \"" + source.root().text("Kind") + '"', converted);
      }
    }
    TreeSet<String> routed = new TreeSet<>(routers.keySet());
    routed.addAll(splitters.keySet());
    resolvers.forEach(
        (name, source) -> {
          if (hasRoute(entry(source))) {
            routed.add(name);
          }
        });
    resolvers.forEach((name, source) -> resolver(name, entry(source), source));
    routed.forEach(this::route);
    for (Source source : intentions) {
      new ConsulIntentions(namespace(source), converted)
          .convert(name(source), entry(source), source);
    }
  }

  /** The entry itself, which is under {@code spec} in Kubernetes' form. */
  private static Foreign entry(Source source) {
    return source.root().has("spec") ? source.root().object("spec") : source.root();
  }

  private static String name(Source source) {
    String name = source.root().text("Name");
    if (!name.isEmpty()) {
      return name;
    }
    Foreign destination = entry(source).object("destination");
    String intention = destination.text("name");
    return intention.isEmpty() ? source.root().object("metadata").text("name") : intention;
  }

  private String namespace(Source source) {
    String own = source.root().text("Namespace");
    String meta = source.root().object("metadata").text("namespace");
    return !own.isEmpty() ? own : !meta.isEmpty() ? meta : namespace;
  }

  private static boolean hasRoute(Foreign resolver) {
    return resolver.has("DefaultSubset")
        || resolver.has("Redirect")
        || resolver.has("RequestTimeout");
  }

  /** What picks and treats the instances of a service. */
  private void resolver(String name, Foreign entry, Source source) {
    Map<String, Object> policy = new LinkedHashMap<>();
    List<Object> subsets = new ArrayList<>();
    Foreign declared = entry.object("Subsets");
    for (String subset : declared.names()) {
      Map<String, String> labels = labels(name, subset, declared.object(subset));
      if (!labels.isEmpty()) {
        subsets.add(map("name", subset, "labels", labels));
      }
    }
    if (entry.has("ConnectTimeout") && !entry.text("ConnectTimeout").equals("0s")) {
      policy.put("connectionPool", map("tcp", map("connectTimeout", entry.text("ConnectTimeout"))));
    }
    put(policy, "loadBalancer", ConsulBalancing.of(entry.object("LoadBalancer"), name, converted));
    if (policy.isEmpty() && subsets.isEmpty()) {
      return;
    }
    converted.from("service-resolver " + name + ", " + source.place());
    if (!routed(name)) {
      Converter.gaps(source, converted);
    }
    Map<String, Object> spec = map("host", name);
    put(spec, "trafficPolicy", policy);
    put(spec, "subsets", subsets);
    converted.add("networking.istio.io/v1", "DestinationRule", namespace(source), name, spec);
  }

  private boolean routed(String name) {
    return routers.containsKey(name)
        || splitters.containsKey(name)
        || (resolvers.containsKey(name) && hasRoute(entry(resolvers.get(name))));
  }

  /** Filters that are equalities of metadata, joined by {@code and}, say what labels do. */
  private Map<String, String> labels(String service, String subset, Foreign declared) {
    Map<String, String> labels = new LinkedHashMap<>();
    String filter = declared.text("Filter");
    for (String part : filter.isEmpty() ? new String[0] : filter.split("\\s+and\\s+", -1)) {
      Matcher equality = EQUALITY.matcher(part);
      if (!equality.matches()) {
        converted.gap(
            "the subset " + subset + " of " + service + ": its filter is no equality: " + filter);
        return Map.of();
      }
      labels.put(equality.group(1), equality.group(2));
    }
    if (labels.isEmpty()) {
      converted.gap("the subset " + subset + " of " + service + ": it has no filter");
    }
    return labels;
  }

  private void route(String name) {
    Source router = routers.get(name);
    Source splitter = splitters.get(name);
    Source resolver = resolvers.get(name);
    List<Object> rules = new ArrayList<>();
    if (router != null) {
      for (Foreign route : entry(router).objects("Routes")) {
        ConsulRoute rule = new ConsulRoute(route, converted);
        String service = rule.service(name);
        rule.send(backends(service, rule.subset()), timeout(service));
        rules.add(rule.tree());
      }
    }
    Map<String, Object> rest = map("route", backends(name, ""));
    put(rest, "timeout", timeout(name));
    rules.add(rest);
    String in = namespace;
    for (Source source : Arrays.asList(resolver, splitter, router)) {
      in = source == null ? in : namespace(source);
    }
    for (Source source : Arrays.asList(router, splitter, resolver)) {
      if (source != null) {
        converted.from(source.root().text("Kind") + " " + name + ", " + source.place());
        Converter.gaps(source, converted);
      }
    }
    converted.add(
        "networking.istio.io/v1",
        "VirtualService",
        in,
        name,
        map("hosts", list(name), "http", rules));
  }

  private String timeout(String service) {
    Source resolver = resolvers.get(service);
    String timeout = resolver == null ? "" : entry(resolver).text("RequestTimeout");
    return timeout.equals("0s") ? "" : timeout;
  }

  /** Where a service's requests go, through its splitter when no subset is named. */
  private List<Object> backends(String service, String subset) {
    Source splitter = splitters.get(service);
    if (splitter == null || !subset.isEmpty()) {
      return list(map("destination", resolved(service, subset)));
    }
    List<Foreign> splits = entry(splitter).objects("Splits");
    boolean whole = splits.stream().allMatch(each -> each.number("Weight", 0) % 1 == 0);
    List<Object> backends = new ArrayList<>();
    for (Foreign split : splits) {
      String to = split.text("Service").isEmpty() ? service : split.text("Service");
      Map<String, Object> backend = map("destination", resolved(to, split.text("ServiceSubset")));
      backend.put("weight", Math.round(split.number("Weight", 0) * (whole ? 1 : 100)));
      put(backend, "headers", ConsulRoute.headers(split));
      backends.add(backend);
    }
    return backends;
  }

  private Map<String, Object> resolved(String service, String subset) {
    Source resolver = resolvers.get(service);
    if (resolver == null) {
      return Specs.destination(service, subset);
    }
    Foreign redirect = entry(resolver).object("Redirect");
    String to = redirect.text("Service");
    if (!to.isEmpty() || redirect.has("ServiceSubset")) {
      return Specs.destination(to.isEmpty() ? service : to, redirect.text("ServiceSubset"));
    }
    String standard = entry(resolver).text("DefaultSubset");
    return Specs.destination(service, subset.isEmpty() ? standard : subset);
  }
}
