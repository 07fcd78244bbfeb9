package dev.weft.policy.resource;

import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One element of {@code tls} or {@code tcp} of a VirtualService: where connections go of which
 * nobody reads the requests. Immutable.
 */
public final class ConnectionRule {
  private final Route route;
  private final List<Match> matches;

  private ConnectionRule(SpecFields rule) {
    this.route =
        Route.builder()
            .backends(HttpRoutes.backends(rule.objects("route", HttpRoutes::backend)))
            .build();
    this.matches = Collections.unmodifiableList(rule.objects("match", Match::new));
  }

  static ConnectionRule of(SpecFields rule) {
    return new ConnectionRule(rule);
  }

  /** What a match asks of the caller, and of the connection. */
  private static final class Match {
    final HttpMatch caller;
    final List<String> sniHosts;

    Match(SpecFields match) {
      this.caller = HttpMatch.of(match);
      this.sniHosts = match.texts("sniHosts");
    }

    boolean names(Predicate<String> host) {
      return sniHosts.isEmpty() || sniHosts.stream().anyMatch(host);
    }
  }

  /** Returns the rule but for its matches: the hosts of its backends are as written. */
  public Route route() {
    return route;
  }

  /** Adds the labels of callers that a match of this rule looks at. */
  public void addSourceLabels(Set<String> keys) {
    for (Match match : matches) {
      keys.addAll(match.caller.sourceLabels.keySet());
    }
  }

  /**
   * Returns the route that the rule is for one caller and one service, whose matches ask for the
   * port alone; null when it is for others.
   *
   * @param host whether a host that a TLS client may ask for, with or without a wildcard, is the
   *     service's
   */
  public @Nullable Route route(
      String callerNamespace, Map<String, String> callerLabels, Predicate<String> host) {
    if (matches.isEmpty()) {
      return route;
    }
    List<RouteMatch> asked = new ArrayList<>();
    for (Match match : matches) {
      if (match.caller.takesCallsOf(callerNamespace, callerLabels) && match.names(host)) {
        asked.add(match.caller.request);
      }
    }
    if (asked.isEmpty()) {
      return null;
    }
    boolean any = asked.stream().anyMatch(match -> match.port == 0);
    return any ? route : route.toBuilder().matches(asked).build();
  }
}
