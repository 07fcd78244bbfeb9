package dev.weft.controlserver.compile;

import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.Comparator;

/**
 * The order in which the Gateway API has the matches of all routes of a service asked: an exact
 * path, then the longest prefix, then (as in Istio: the API leaves it open) the longest expression;
 * a method; more headers; more query parameters. Equal ones stay as they are, by age.
 */
final class RoutePrecedence {
  /** Of routes with at most one match. */
  static final Comparator<Route> ORDER =
      Comparator.comparing(
          RoutePrecedence::match,
          Comparator.comparingInt(RoutePrecedence::kind)
              .thenComparingInt(RoutePrecedence::length)
              .thenComparing(match -> match.method != null)
              .thenComparingInt(match -> match.headers.size())
              .thenComparingInt(match -> match.queryParams.size())
              .reversed());

  private static final RouteMatch ANYTHING = RouteMatch.builder().build();

  private RoutePrecedence() {}

  private static RouteMatch match(Route route) {
    return route.matches.isEmpty() ? ANYTHING : route.matches.get(0);
  }

  private static int kind(RouteMatch match) {
    if (match.uri == null) {
      return 1;
    }
    return switch (match.uri.kind) {
      case EXACT -> 2;
      case REGEX -> 0;
      default -> 1;
    };
  }

  /** No path is the prefix {@code /}. */
  private static int length(RouteMatch match) {
    StringMatch uri = match.uri;
    return uri == null ? 1 : uri.value.length();
  }
}
