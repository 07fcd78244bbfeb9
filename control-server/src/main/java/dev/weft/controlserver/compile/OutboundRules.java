package dev.weft.controlserver.compile;

import dev.weft.controlserver.compile.Routes.Held;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.EgressScope;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import dev.weft.policy.snapshot.Mirror;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What holds for calls of one kind of callers. A service of which nothing has changed since the
 * state before is the same object as then. Immutable.
 */
final class OutboundRules {
  private final List<Service> services;
  private final Map<String, Made> made;
  private final Caller caller;

  private OutboundRules(List<Service> services, Map<String, Made> made, Caller caller) {
    this.services = services;
    this.made = made;
    this.caller = caller;
  }

  /** A service, and all that it was made from but the ground ({@link NamespaceRules}). */
  private record Made(Service from, List<StoredResource> traffic, Held routes, Service service) {
    boolean isOf(Service base, List<StoredResource> rules, Held held) {
      return from.equals(base) && traffic.equals(rules) && routes.equals(held);
    }
  }

  /** Those that the callers may name, and those to which their rules send, by host. */
  List<Service> services() {
    return services;
  }

  /** The same and those that agents ask themselves, which the application need not see. */
  List<Service> servicesWith(List<ExternalAuthorizer> authorizers, NamespaceRules seen) {
    Map<String, Service> missing = new TreeMap<>();
    for (ExternalAuthorizer authorizer : authorizers) {
      Service service = seen.catalog().find(authorizer.host);
      if (service != null && services.stream().noneMatch(has -> has.host.equals(service.host))) {
        missing.put(service.host, unnamed(service, seen, caller));
      }
    }
    if (missing.isEmpty()) {
      return services;
    }
    services.forEach(service -> missing.put(service.host, service));
    return List.copyOf(missing.values());
  }

  /**
   * @param before for the same callers in the state before, or null
   */
  static OutboundRules compile(NamespaceRules seen, Caller caller, @Nullable OutboundRules before) {
    Map<String, Made> known = before == null || !seen.sameGround() ? Map.of() : before.made;
    EgressScope scope = caller.scope().egress();
    Map<String, Made> made = new HashMap<>();
    Map<String, Service> result = scope == null ? new LinkedHashMap<>() : new TreeMap<>();
    for (Service service : seen.services()) {
      Service left = scope == null ? service : left(scope, service, seen.routes(), caller);
      if (left != null) {
        Made each = make(left, seen, caller, known.get(service.host));
        made.put(service.host, each);
        result.put(service.host, each.service);
      }
    }
    if (scope != null) {
      addDestinations(result, seen, caller);
    }
    return new OutboundRules(List.copyOf(result.values()), made, caller);
  }

  private static Made make(
      Service service, NamespaceRules seen, Caller caller, @Nullable Made known) {
    if (known != null && seen.sameRules() && known.from.equals(service)) {
      return known;
    }
    List<StoredResource> traffic = seen.traffic().find(service, caller);
    Held routes = seen.routes().find(service, caller);
    if (known != null && known.isOf(service, traffic, routes)) {
      return known;
    }
    Service limited = TrafficRules.apply(service, traffic);
    Service routed = seen.routes().apply(limited, routes, caller);
    return new Made(service, traffic, routes, seen.defaults().apply(routed));
  }

  /**
   * What a scope leaves of a service: the ports that it names, or nothing. As in Istio rules bring
   * their hosts into the scope, too, when they are in it.
   */
  private static @Nullable Service left(
      EgressScope scope, Service service, Routes routes, Caller caller) {
    if (service.authorities.isEmpty()) {
      return null;
    }
    String host = EntryServices.plain(service.host);
    if (!scope.hasService(service.namespace, host, caller.namespace())) {
      return routes.name(service.host, caller) ? service : null;
    }
    List<Integer> ports = scope.ports(service.namespace, host, caller.namespace());
    if (ports.isEmpty()) {
      return service;
    }
    if (!service.ports.isEmpty()) {
      ports.retainAll(service.ports);
    }
    return ports.isEmpty() ? null : service.toBuilder().ports(ports).build();
  }

  /** Where rules send to what is not in the scope: it can be reached, but not by its name. */
  private static void addDestinations(
      Map<String, Service> result, NamespaceRules seen, Caller caller) {
    List<String> hosts = new ArrayList<>();
    for (Service service : result.values()) {
      for (Route route : service.connectionRoutes) {
        route.backends.forEach(backend -> hosts.add(backend.host));
      }
      for (Route route : service.routes) {
        route.backends.forEach(backend -> hosts.add(backend.host));
        for (Mirror mirror : route.mirrors) {
          hosts.add(mirror.host);
        }
      }
    }
    for (String host : hosts) {
      Service service = seen.catalog().find(host);
      if (service != null && !result.containsKey(host)) {
        result.put(host, unnamed(service, seen, caller));
      }
    }
  }

  private static Service unnamed(Service service, NamespaceRules seen, Caller caller) {
    Service limited = TrafficRules.apply(service, seen.traffic().find(service, caller));
    return seen.defaults().apply(limited.toBuilder().authorities(List.of()).build());
  }
}
