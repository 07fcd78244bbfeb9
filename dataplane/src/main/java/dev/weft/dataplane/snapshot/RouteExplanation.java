package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.filter.Explanation;
import dev.weft.dataplane.filter.QueryText;
import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says which rule of a service takes a request, and at which conditions the rules before it fail.
 * Each condition is asked by itself, of the matcher that real requests are asked of. Stateless.
 */
public final class RouteExplanation {
  private RouteExplanation() {}

  /** Adds details on every rule up to the one that matches; returns that, or null. */
  public static @Nullable Route explain(
      CompiledService service, RequestHead request, Explanation out) {
    List<Route> routes = service.document().routes;
    CompiledRoute[] compiled = service.routes();
    for (int i = 0; i < routes.size() && i < compiled.length; i++) {
      Route route = routes.get(i);
      String rule = "rule " + (i + 1) + " of " + routes.size() + named(route);
      if (compiled[i].matches(request)) {
        out.detail(rule + " matches: " + reason(route, request));
        return route;
      }
      out.detail(rule + " does not match:");
      for (int m = 0; m < route.matches.size(); m++) {
        out.detail(
            "  match "
                + (m + 1)
                + " fails at "
                + String.join(", ", failing(route.matches.get(m), request)));
      }
    }
    return null;
  }

  private static String named(Route route) {
    return route.name.isEmpty() ? "" : " \"" + route.name + "\"";
  }

  private static String reason(Route route, RequestHead request) {
    if (route.matches.isEmpty()) {
      return "it takes every request";
    }
    for (int m = 0; m < route.matches.size(); m++) {
      RouteMatch match = route.matches.get(m);
      if (RouteMatcher.of(match).matches(request)) {
        List<String> conditions = new ArrayList<>();
        for (Condition each : conditions(match, request)) {
          conditions.add(each.text);
        }
        return "match "
            + (m + 1)
            + (conditions.isEmpty() ? " asks nothing" : " holds (" + join(conditions) + ")");
      }
    }
    return "as a whole";
  }

  private static String join(List<String> conditions) {
    return String.join(", ", conditions);
  }

  private static List<String> failing(RouteMatch match, RequestHead request) {
    List<String> failing = new ArrayList<>();
    for (Condition each : conditions(match, request)) {
      if (!RouteMatcher.of(each.alone).matches(request)) {
        failing.add(each.text + " (" + each.seen + ")");
      }
    }
    return failing;
  }

  /** One condition of a match, as a match of its own. */
  private static final class Condition {
    final RouteMatch alone;
    final String text;
    final String seen;

    Condition(RouteMatch alone, String text, @Nullable String seen) {
      this.alone = alone;
      this.text = text;
      this.seen = seen == null ? "it is absent" : "it is \"" + seen + "\"";
    }
  }

  private static List<Condition> conditions(RouteMatch match, RequestHead request) {
    List<Condition> all = new ArrayList<>();
    String path = request.path();
    int query = path.indexOf('?');
    int end = query < 0 ? path.length() : query;
    if (match.uri != null) {
      all.add(
          new Condition(
              RouteMatch.builder().uri(match.uri).ignoreUriCase(match.ignoreUriCase).build(),
              "uri " + text(match.uri),
              path.substring(0, end)));
    }
    if (match.method != null) {
      all.add(
          new Condition(
              RouteMatch.builder().method(match.method).build(),
              "method " + text(match.method),
              request.method()));
    }
    if (match.authority != null) {
      all.add(
          new Condition(
              RouteMatch.builder().authority(match.authority).build(),
              "authority " + text(match.authority),
              request.authority()));
    }
    if (match.scheme != null) {
      all.add(
          new Condition(
              RouteMatch.builder().scheme(match.scheme).build(),
              "scheme " + text(match.scheme),
              request.scheme()));
    }
    if (match.port != 0) {
      all.add(
          new Condition(
              RouteMatch.builder().port(match.port).build(),
              "port " + match.port,
              Integer.toString(Authorities.portOf(request.authority(), request.scheme()))));
    }
    for (Map.Entry<String, StringMatch> header : match.headers.entrySet()) {
      all.add(
          new Condition(
              RouteMatch.builder().headers(only(header)).build(),
              "header " + header.getKey() + " " + text(header.getValue()),
              request.header(header.getKey())));
    }
    for (Map.Entry<String, StringMatch> header : match.withoutHeaders.entrySet()) {
      all.add(
          new Condition(
              RouteMatch.builder().withoutHeaders(only(header)).build(),
              "without header " + header.getKey() + " " + text(header.getValue()),
              request.header(header.getKey())));
    }
    for (Map.Entry<String, StringMatch> parameter : match.queryParams.entrySet()) {
      all.add(
          new Condition(
              RouteMatch.builder().queryParams(only(parameter)).build(),
              "query " + parameter.getKey() + " " + text(parameter.getValue()),
              QueryText.value(path, end, parameter.getKey())));
    }
    return all;
  }

  private static Map<String, StringMatch> only(Map.Entry<String, StringMatch> entry) {
    return Collections.singletonMap(entry.getKey(), entry.getValue());
  }

  private static String text(StringMatch match) {
    String kind = match.kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return match.kind == StringMatch.Kind.PRESENT ? kind : kind + " \"" + match.value + "\"";
  }
}
