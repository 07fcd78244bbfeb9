package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.origination.Origination;
import dev.weft.dataplane.origination.Originations;
import dev.weft.dataplane.resilience.ServiceState;
import dev.weft.dataplane.resilience.StateRegistry;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.Mirror;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.StringMatch;
import dev.weft.policy.snapshot.Subset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles snapshots; off the request path. Used by one thread at a time. */
final class SnapshotCompiler {
  /** Far more than a mesh has; an expression takes up to a few hundred kilobytes. */
  static final int MAX_EXPRESSIONS = 1_000;

  private final StateRegistry registry;
  private final OwnInstance own;
  private final Originations originations;

  SnapshotCompiler(StateRegistry registry, OwnInstance own, Originations originations) {
    this.registry = registry;
    this.own = own;
    this.originations = originations;
  }

  /**
   * The compiled form. Lasting state is found or made, and forgotten only by {@link #retire}.
   *
   * @throws RuntimeException when a part is wrong, such as a regular expression; no call notices
   */
  CompiledSnapshot compile(Snapshot snapshot) {
    requireFewExpressions(snapshot);
    OwnInstance here = own.at(snapshot.locality);
    Map<String, CompiledService> services = new LinkedHashMap<>();
    for (Service service : snapshot.services) {
      // As in Istio, PASSTHROUGH leaves the address to the application: no endpoint is picked.
      if (service.trafficPolicy.loadBalancer != LoadBalancer.PASSTHROUGH) {
        services.put(service.host, service(service, here));
      }
    }
    for (CompiledService service : services.values()) {
      List<CompiledRoute> routes = routes(service, service.document().routes, services);
      List<CompiledRoute> connections =
          routes(service, service.document().connectionRoutes, services);
      CompiledRoute direct = direct(service);
      if (routes.isEmpty()) {
        routes.add(direct);
      }
      service.routes(
          routes.toArray(new CompiledRoute[0]), connections.toArray(new CompiledRoute[0]), direct);
    }
    List<CompiledService> ordered = new ArrayList<>(services.values());
    return CompiledSnapshot.of(
        snapshot, services, AuthorityTable.of(ordered), refused(snapshot, services));
  }

  private @Nullable UnknownHosts refused(Snapshot snapshot, Map<String, CompiledService> services) {
    if (snapshot.outbound == OutboundTrafficPolicy.ALLOW_ANY) {
      return null;
    }
    List<CompiledService> known = new ArrayList<>();
    for (Service service : snapshot.services) {
      CompiledService compiled = services.get(service.host);
      known.add(
          compiled == null
              ? CompiledService.of(
                  service, UnknownHosts.nobody(service, registry), Collections.emptyMap())
              : compiled);
    }
    return UnknownHosts.refused(known, registry);
  }

  private static void requireFewExpressions(Snapshot snapshot) {
    int count = expressions(snapshot.inbound.cors);
    for (Service service : snapshot.services) {
      count += expressions(service.routes);
    }
    if (count > MAX_EXPRESSIONS) {
      throw new IllegalArgumentException(
          "the routes of the snapshot hold "
              + count
              + " regular expressions, more than the "
              + MAX_EXPRESSIONS
              + " that an agent compiles: use exact or prefix, or limit what it sees");
    }
  }

  private static int expressions(List<Route> routes) {
    int count = 0;
    for (Route route : routes) {
      for (RouteMatch match : route.matches) {
        count += matches(Arrays.asList(match.uri, match.method));
        count += matches(Arrays.asList(match.authority, match.scheme));
        count += matches(match.headers.values());
        count += matches(match.withoutHeaders.values());
        count += matches(match.queryParams.values());
      }
      count += expressions(route.rewrite == null ? null : route.rewrite.path);
      count += expressions(route.redirect == null ? null : route.redirect.path);
      if (route.cors != null) {
        count += matches(route.cors.allowOrigins);
      }
    }
    return count;
  }

  private static int expressions(@Nullable PathRewrite path) {
    return path == null ? 0 : matches(Collections.singletonList(path.match));
  }

  private static int matches(Collection<@Nullable StringMatch> matches) {
    int count = 0;
    for (StringMatch match : matches) {
      if (match != null && match.kind == StringMatch.Kind.REGEX) {
        count++;
      }
    }
    return count;
  }

  /** Forgets the state of what this snapshot does not have. */
  void retire(CompiledSnapshot current) {
    Set<String> hosts = new HashSet<>();
    for (Service service : current.document().services) {
      hosts.add(service.host);
      Set<String> ids = new HashSet<>();
      for (Endpoint endpoint : service.endpoints) {
        ids.add(endpoint.id);
      }
      registry.service(service.host).retain(ids);
    }
    registry.retain(hosts);
    Set<Origination> inForce = new HashSet<>();
    for (CompiledService service : current.services()) {
      for (EndpointPool pool : service.pools()) {
        if (pool.origination() != null) {
          inForce.add(pool.origination());
        }
      }
    }
    originations.retain(inForce);
  }

  private CompiledService service(Service service, OwnInstance here) {
    ServiceState state = registry.service(service.host);
    List<CompiledEndpoint> endpoints = new ArrayList<>();
    for (Endpoint endpoint : service.endpoints) {
      if (endpoint.ready) {
        endpoints.add(CompiledEndpoint.of(endpoint, service.host, state.endpoint(endpoint.id)));
      }
    }
    EndpointPool whole =
        EndpointPool.of(
            service.host, "", endpoints, service.trafficPolicy, state, here, originations);
    Map<String, EndpointPool> subsets = new HashMap<>();
    for (Subset subset : service.subsets) {
      List<CompiledEndpoint> members = new ArrayList<>();
      for (CompiledEndpoint endpoint : endpoints) {
        if (endpoint.document().labels.entrySet().containsAll(subset.labels.entrySet())) {
          members.add(endpoint);
        }
      }
      subsets.put(
          subset.name,
          EndpointPool.of(
              service.host, subset.name, members, subset.trafficPolicy, state, here, originations));
    }
    return CompiledService.of(service, whole, subsets);
  }

  private static List<CompiledRoute> routes(
      CompiledService of, List<Route> documents, Map<String, CompiledService> services) {
    List<CompiledRoute> routes = new ArrayList<>();
    for (Route route : documents) {
      try {
        routes.add(route(route, services));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "route \"" + route.name + "\" of " + of.host() + ": " + e.getMessage(), e);
      }
    }
    return routes;
  }

  private static CompiledRoute route(Route route, Map<String, CompiledService> services) {
    List<CompiledBackend> backends = new ArrayList<>();
    for (Backend backend : route.backends) {
      CompiledService service = services.get(backend.host);
      String name = backend.subset == null ? backend.host : backend.host + "/" + backend.subset;
      backends.add(CompiledBackend.of(name, service, backend));
    }
    return CompiledRoute.of(route, backends, mirrors(route, services));
  }

  private static CompiledMirror[] mirrors(Route route, Map<String, CompiledService> services) {
    if (route.mirrors.isEmpty()) {
      return CompiledMirror.NONE;
    }
    CompiledMirror[] mirrors = new CompiledMirror[route.mirrors.size()];
    int i = 0;
    for (Mirror mirror : route.mirrors) {
      CompiledService service = services.get(mirror.host);
      String name = mirror.subset == null ? mirror.host : mirror.host + "/" + mirror.subset;
      mirrors[i++] =
          CompiledMirror.of(
              name, service, service == null ? null : service.pool(mirror.subset), mirror.percent);
    }
    return mirrors;
  }

  /** A service without routes is its own backend. */
  private static CompiledRoute direct(CompiledService service) {
    Backend self = Backend.builder().host(service.host()).weight(1).build();
    Route route = Route.builder().backends(Collections.singletonList(self)).build();
    return CompiledRoute.of(
        route,
        Collections.singletonList(CompiledBackend.of(service.host(), service, self)),
        CompiledMirror.NONE);
  }
}
