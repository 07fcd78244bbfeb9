package dev.weft.controlserver.compile;

import dev.weft.controlserver.compile.Delegates.Placed;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.ConnectionRule;
import dev.weft.policy.resource.EgressScope;
import dev.weft.policy.resource.HostNames;
import dev.weft.policy.resource.VirtualServiceSpec;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Mirror;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The VirtualServices that callers of one namespace see, by host. Where several are for the same
 * host the nearest holds, and of these the oldest, as in Istio for calls inside the mesh.
 * HTTPRoutes that are for the host, too, hold when they are older.
 */
final class Routes {
  private final HostTable<Placement> table;
  private final Set<String> sharing;
  private final ServiceCatalog catalog;
  private final GatewayRoutes gateway;

  private Routes(
      HostTable<Placement> table,
      Set<String> sharing,
      ServiceCatalog catalog,
      GatewayRoutes gateway) {
    this.table = table;
    this.sharing = sharing;
    this.catalog = catalog;
    this.gateway = gateway;
  }

  /** A VirtualService, with those that it delegates to in place. */
  record Placement(StoredResource from, List<Placed> rules) {
    boolean isIn(@Nullable EgressScope scope, String host, Caller caller) {
      return scope == null || scope.hasRules(from.resource().namespace(), host, caller.namespace());
    }
  }

  /**
   * Adds the hosts and destinations that only VirtualServices know to {@code catalog}.
   *
   * @param virtualServices all of them, the oldest first
   * @param gateway what HTTPRoutes say for the same callers
   */
  static Routes of(
      List<StoredResource> virtualServices,
      ServiceCatalog catalog,
      GatewayRoutes gateway,
      String callerNamespace) {
    Routes routes = new Routes(new HostTable<>(), new TreeSet<>(), catalog, gateway);
    Delegates delegates = Delegates.of(virtualServices);
    List<Placed> all = new ArrayList<>();
    List<StoredResource> visible =
        Visible.nearestFirst(
            virtualServices,
            callerNamespace,
            stored -> stored.resource().spec(VirtualServiceSpec.class).visibility);
    for (StoredResource stored : visible) {
      if (!stored.resource().spec(VirtualServiceSpec.class).inMesh) {
        continue;
      }
      String namespace = stored.resource().namespace();
      List<String> hosts = stored.resource().spec(VirtualServiceSpec.class).hosts;
      List<Placed> rules = hosts.isEmpty() ? List.of() : delegates.rules(stored);
      for (String written : hosts) {
        String host = catalog.resolve(written, namespace);
        routes.table.add(host, new Placement(stored, rules));
        if (rules.stream().anyMatch(placed -> placed.rule().route().cors != null)) {
          routes.sharing.add(host);
        }
        if (!host.startsWith("*")) {
          catalog.addNamed(host, namespace);
        }
      }
      all.addAll(rules);
    }
    for (StoredResource stored : visible) {
      VirtualServiceSpec spec = stored.resource().spec(VirtualServiceSpec.class);
      for (ConnectionRule rule : spec.connectionRules) {
        if (spec.inMesh) {
          addDestinations(rule.route().backends, stored.resource().namespace(), catalog);
        }
      }
    }
    for (Placed placed : all) {
      addDestinations(placed.rule().route().backends, placed.namespace(), catalog);
      for (Mirror mirror : placed.rule().route().mirrors) {
        String host = catalog.resolve(mirror.host, placed.mirrorNamespace());
        catalog.addDestination(host, placed.mirrorNamespace());
      }
    }
    return routes;
  }

  /** The same rules where hosts mean the same, and all that they added is known already. */
  Routes over(ServiceCatalog same) {
    return new Routes(table, sharing, same, gateway);
  }

  private static void addDestinations(
      List<Backend> backends, String namespace, ServiceCatalog catalog) {
    for (Backend backend : backends) {
      catalog.addDestination(catalog.resolve(backend.host, namespace), namespace);
    }
  }

  /** Hosts of VirtualServices that say who of other origins may read answers. */
  Set<String> sharing() {
    return sharing;
  }

  /** The rules that hold for calls to a service; null for none. */
  record Held(@Nullable Placement placement, GatewayRoutes.@Nullable Bound bound) {}

  Held find(Service service, Caller caller) {
    EgressScope scope = caller.scope().egress();
    String called = EntryServices.plain(service.host);
    Placement found = table.first(called, (host, rule) -> rule.isIn(scope, host, caller));
    GatewayRoutes.Bound bound = gateway.find(called);
    return bound != null
            && (found == null
                || StoredResource.OLDEST_FIRST.compare(bound.oldest(), found.from()) < 0)
        ? new Held(null, bound)
        : new Held(found, null);
  }

  /**
   * {@code service} with the routes that hold for one kind of callers; without any, as in Istio,
   * when each rule is for others.
   */
  Service apply(Service service, Held held, Caller caller) {
    if (held.bound() == null && held.placement() == null) {
      return service;
    }
    List<Route> routes = new ArrayList<>();
    for (Route route : rules(held, caller)) {
      Route own = onPorts(route, service);
      routes.add(own.cors == null ? own : own.toBuilder().cors(null).build());
    }
    Placement found = held.placement();
    return service.toBuilder()
        .routes(routes)
        .connectionRoutes(
            found == null ? List.of() : connectionRoutes(service, found.from(), caller))
        .build();
  }

  /**
   * Backends whose host has a service of its own for the port that they name, or else for the one
   * that is called.
   */
  private Route onPorts(Route route, Service service) {
    int called = service.ports.size() == 1 ? service.ports.get(0) : 0;
    List<Backend> backends = new ArrayList<>();
    for (Backend backend : route.backends) {
      String host = catalog.onPort(backend.host, backend.port > 0 ? backend.port : called);
      backends.add(host.equals(backend.host) ? backend : backend.toBuilder().host(host).build());
    }
    return backends.equals(route.backends) ? route : route.toBuilder().backends(backends).build();
  }

  /** A TLS client asks its server for the name that it calls, which is one of the service's. */
  private List<Route> connectionRoutes(Service service, StoredResource from, Caller caller) {
    String namespace = from.resource().namespace();
    List<Route> routes = new ArrayList<>();
    for (ConnectionRule rule : from.resource().spec(VirtualServiceSpec.class).connectionRules) {
      Route route =
          rule.route(
              caller.namespace(),
              caller.labels(),
              name ->
                  HostNames.matches(
                      catalog.resolve(name, namespace), EntryServices.plain(service.host)));
      if (route != null) {
        Route known = route.toBuilder().backends(backends(route.backends, namespace)).build();
        routes.add(onPorts(known, service));
      }
    }
    return routes;
  }

  /** The rules for one kind of callers, with what they say to the workloads of the service. */
  List<Route> rules(Held held, Caller caller) {
    GatewayRoutes.Bound bound = held.bound();
    if (bound != null) {
      return bound.routes();
    }
    List<Route> routes = new ArrayList<>();
    Placement found = held.placement();
    if (found == null) {
      return routes;
    }
    for (Placed placed : found.rules()) {
      for (Route route : placed.rule().routes(caller.namespace(), caller.labels())) {
        List<Backend> backends = backends(route.backends, placed.namespace());
        List<Mirror> mirrors = mirrors(route.mirrors, placed.mirrorNamespace());
        routes.add(route.toBuilder().backends(backends).mirrors(mirrors).build());
      }
    }
    return routes;
  }

  /** Whether rules for just this host are in the scope of callers, whatever has it. */
  boolean name(String service, Caller caller) {
    EgressScope scope = caller.scope().egress();
    String host = EntryServices.plain(service);
    return table.first(
            host,
            (pattern, placement) -> pattern.equals(host) && placement.isIn(scope, host, caller))
        != null;
  }

  /** With canonical hosts, and without those that get nothing. */
  private List<Mirror> mirrors(List<Mirror> written, String namespace) {
    List<Mirror> resolved = new ArrayList<>();
    for (Mirror mirror : written) {
      if (mirror.percent > 0) {
        resolved.add(mirror.toBuilder().host(catalog.resolve(mirror.host, namespace)).build());
      }
    }
    return resolved;
  }

  /** With canonical hosts, and without those that get no share while others do. */
  private List<Backend> backends(List<Backend> written, String namespace) {
    List<Backend> resolved = new ArrayList<>();
    boolean weighted = written.stream().anyMatch(backend -> backend.weight > 0);
    for (Backend backend : written) {
      if (backend.weight > 0 || !weighted) {
        resolved.add(backend.toBuilder().host(catalog.resolve(backend.host, namespace)).build());
      }
    }
    return resolved;
  }
}
