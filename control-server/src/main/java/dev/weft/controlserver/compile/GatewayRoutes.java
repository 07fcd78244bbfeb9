package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.HttpRouteSpec;
import dev.weft.policy.resource.ParentRef;
import dev.weft.policy.resource.ServiceEntrySpec;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * HTTPRoutes by the host of their parent, for callers of one namespace (GEP-1294). Routes of that
 * namespace for a service of another (a consumer's) take the place of those of the service's own
 * (the producer's); within either, all are merged by the precedence of the Gateway API.
 */
final class GatewayRoutes {
  private final ServiceCatalog catalog;
  private final PolicyIndex policy;
  private final Map<String, List<Attached>> producers = new HashMap<>();
  private final Map<String, List<Attached>> consumers = new HashMap<>();

  private GatewayRoutes(ServiceCatalog catalog, PolicyIndex policy) {
    this.catalog = catalog;
    this.policy = policy;
  }

  /** What an HTTPRoute says for one port of one parent; 0 for all ports. */
  private record Attached(StoredResource from, int port, List<Route> routes) {}

  /**
   * What holds for callers of one service.
   *
   * @param oldest the first of the HTTPRoutes that it comes from
   */
  record Bound(StoredResource oldest, List<Route> routes) {}

  /**
   * Adds the parents and destinations that only HTTPRoutes know to {@code catalog}, which must have
   * nothing but what is known to exist until then: a backend beyond that is answered with 500.
   */
  static GatewayRoutes of(PolicyIndex policy, ServiceCatalog catalog, String callerNamespace) {
    GatewayRoutes routes = new GatewayRoutes(catalog, policy);
    for (StoredResource stored : policy.httpRoutes()) {
      String namespace = stored.resource().namespace();
      for (ParentRef parent : stored.resource().spec(HttpRouteSpec.class).parents) {
        boolean producer = parent.namespace.equals(namespace);
        if (producer || namespace.equals(callerNamespace)) {
          routes.attach(stored, parent, producer ? routes.producers : routes.consumers);
        }
      }
    }
    routes.producers.keySet().forEach(routes::name);
    routes.consumers.keySet().forEach(routes::name);
    return routes;
  }

  private void name(String host) {
    catalog.addNamed(host, "");
  }

  private void attach(StoredResource stored, ParentRef parent, Map<String, List<Attached>> byHost) {
    if (!parent.serviceEntry) {
      attach(stored, parent, catalog.resolve(parent.host(), parent.namespace), parent.port, byHost);
      return;
    }
    for (StoredResource entry : policy.serviceEntries()) {
      if (isParent(parent, entry)) {
        ServiceEntrySpec spec = entry.resource().spec(ServiceEntrySpec.class);
        int port = parent.sectionName.isEmpty() ? parent.port : spec.portNamed(parent.sectionName);
        for (String written : spec.hosts) {
          String host = catalog.resolve(written, parent.namespace);
          // One that these callers do not see is no service of theirs.
          if (catalog.knows(host)) {
            attach(stored, parent, host, port, byHost);
          }
        }
      }
    }
  }

  /** Whether a parent is this ServiceEntry, or its port of that name. */
  static boolean isParent(ParentRef parent, StoredResource entry) {
    return parent.serviceEntry
        && entry.resource().namespace().equals(parent.namespace)
        && entry.resource().name().equals(parent.name)
        && (parent.sectionName.isEmpty()
            || entry.resource().spec(ServiceEntrySpec.class).portNamed(parent.sectionName) > 0);
  }

  private void attach(
      StoredResource stored,
      ParentRef parent,
      String host,
      int port,
      Map<String, List<Attached>> byHost) {
    HttpRouteSpec spec = stored.resource().spec(HttpRouteSpec.class);
    GatewayReferences references = new GatewayReferences(policy, catalog, stored, parent);
    List<Route> routes = new ArrayList<>();
    for (Route route : spec.routes) {
      routes.add(
          route.toBuilder()
              .matches(onPort(route.matches, port))
              .backends(references.backends(route.backends))
              .mirrors(references.mirrors(route.mirrors))
              .build());
    }
    byHost.computeIfAbsent(host, key -> new ArrayList<>()).add(new Attached(stored, port, routes));
  }

  private static List<RouteMatch> onPort(List<RouteMatch> matches, int port) {
    if (port == 0) {
      return matches;
    }
    RouteMatch.Builder match =
        matches.isEmpty() ? RouteMatch.builder() : matches.get(0).toBuilder();
    return List.of(match.port(port).build());
  }

  /** What holds for callers of {@code host}, or null when no HTTPRoute is for it. */
  @Nullable Bound find(String host) {
    List<Attached> attached = consumers.getOrDefault(host, producers.get(host));
    if (attached == null) {
      return null;
    }
    List<Route> routes = new ArrayList<>();
    TreeSet<Integer> ports = new TreeSet<>();
    for (Attached each : attached) {
      routes.addAll(each.routes);
      ports.add(each.port);
    }
    routes.sort(RoutePrecedence.ORDER);
    if (!ports.contains(0)) {
      // Without a route, a port is as it was; with one, what no route matches is not found.
      for (int port : ports) {
        routes.add(
            leading(onPort(List.of(), port), Backend.builder().weight(1).refusal(404).build()));
      }
      routes.add(leading(List.of(), Backend.builder().host(host).weight(1).build()));
    }
    return new Bound(attached.get(0).from, routes);
  }

  private static Route leading(List<RouteMatch> matches, Backend backend) {
    return Route.builder().matches(matches).backends(List.of(backend)).build();
  }
}
