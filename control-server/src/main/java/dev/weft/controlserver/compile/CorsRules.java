package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.Workload;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.CorsPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which scripts of other origins may read the answers of a group of workloads: what the routes to
 * their own service say, and those of VirtualServices for other hosts that send to it, as far as
 * requests name such a host. A browser is no workload, so the rules are those for a caller of the
 * service's own namespace that has no labels.
 */
final class CorsRules {
  private final Routes routes;
  private final ServiceCatalog catalog;
  private final String own;
  private final Caller anybody;
  private final List<Route> rules = new ArrayList<>();
  private int count;

  private CorsRules(NamespaceRules seen, String own, String namespace) {
    this.routes = seen.routes();
    this.catalog = seen.catalog();
    this.own = own;
    this.anybody = new Caller(namespace, Map.of(), Scope.ALL);
  }

  /**
   * The rules in order, up to the last that says anything: first those for other hosts, which are
   * for requests that name them.
   *
   * @param seen what is seen in the workload's namespace
   */
  static List<Route> compile(NamespaceRules seen, Workload workload, String trustDomain) {
    String own = ServiceNames.canonical(workload.service(), workload.namespace(), trustDomain);
    Service service = seen.catalog().find(own);
    if (service == null) {
      return List.of();
    }
    CorsRules rules = new CorsRules(seen, own, workload.namespace());
    for (String host : seen.routes().sharing()) {
      rules.addOther(host);
    }
    for (Route route : rules.of(service)) {
      rules.add(route, route.matches, answersItself(route) ? null : route.cors);
    }
    return List.copyOf(rules.rules.subList(0, rules.count));
  }

  private List<Route> of(Service service) {
    return routes.rules(routes.find(service, anybody), anybody);
  }

  private void addOther(String host) {
    Service other = catalog.find(host);
    if (other == null || host.equals(own) || other.authorities.isEmpty()) {
      return;
    }
    List<Route> routed = of(other);
    if (routed.stream().noneMatch(route -> route.cors != null && sendsHere(route))) {
      return;
    }
    StringMatch authority = authority(other.authorities);
    for (Route route : routed) {
      List<RouteMatch> matches = new ArrayList<>();
      for (RouteMatch match : route.matches) {
        matches.add(named(match, authority));
      }
      if (matches.isEmpty()) {
        matches.add(named(RouteMatch.builder().build(), authority));
      }
      add(route, matches, sendsHere(route) ? route.cors : null);
    }
  }

  private void add(Route route, List<RouteMatch> matches, @Nullable CorsPolicy cors) {
    rules.add(Route.builder().name(route.name).matches(matches).cors(cors).build());
    count = cors == null ? count : rules.size();
  }

  private boolean sendsHere(Route route) {
    for (Backend backend : route.backends) {
      if (backend.host.equals(own)) {
        return true;
      }
    }
    return false;
  }

  /** A match that names authorities itself stays as it is. */
  private static RouteMatch named(RouteMatch match, StringMatch authority) {
    return match.authority == null ? match.toBuilder().authority(authority).build() : match;
  }

  /** Any of the names, with whatever port. */
  private static StringMatch authority(List<String> names) {
    return StringMatch.regex("(?:" + String.join("|", names).replace(".", "\\.") + ")(?::[0-9]+)?");
  }

  /** As in Envoy, whose filter leaves redirects and direct responses alone. */
  private static boolean answersItself(Route route) {
    return route.redirect != null || route.directResponse != null;
  }
}
