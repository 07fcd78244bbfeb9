package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.filter.QueryText;
import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conditions on a request that must all hold (Istio HTTPMatchRequest), compiled. Immutable. */
public final class RouteMatcher {
  private final @Nullable TextMatcher uri;
  private final @Nullable TextMatcher method;
  private final @Nullable TextMatcher authority;
  private final @Nullable TextMatcher scheme;
  private final String[] headerNames;
  private final TextMatcher[] headers;
  private final String[] withoutNames;
  private final TextMatcher[] without;
  private final String[] parameterNames;
  private final TextMatcher[] parameters;
  private final int port;

  private RouteMatcher(RouteMatch match) {
    this.uri = compile(match.uri, match.ignoreUriCase);
    this.method = compile(match.method, false);
    this.authority = compile(match.authority, true);
    this.scheme = compile(match.scheme, true);
    this.headerNames = names(match.headers);
    this.headers = matchers(match.headers);
    this.withoutNames = names(match.withoutHeaders);
    this.without = matchers(match.withoutHeaders);
    this.parameterNames = names(match.queryParams);
    this.parameters = matchers(match.queryParams);
    this.port = match.port;
  }

  /**
   * The matcher.
   *
   * @throws IllegalArgumentException when an expression of it is none, or too large
   */
  public static RouteMatcher of(RouteMatch match) {
    return new RouteMatcher(match);
  }

  private static @Nullable TextMatcher compile(@Nullable StringMatch match, boolean ignoreCase) {
    return match == null ? null : TextMatcher.of(match, ignoreCase);
  }

  private static String[] names(Map<String, StringMatch> matches) {
    return matches.keySet().toArray(new String[0]);
  }

  private static TextMatcher[] matchers(Map<String, StringMatch> matches) {
    TextMatcher[] compiled = new TextMatcher[matches.size()];
    int i = 0;
    for (StringMatch match : matches.values()) {
      compiled[i++] = TextMatcher.of(match, false);
    }
    return compiled;
  }

  /** Whether all of it holds for a request. */
  public boolean matches(RequestHead request) {
    String path = request.path();
    int query = path.indexOf('?');
    int end = query < 0 ? path.length() : query;
    if (uri != null && !uri.matches(path, end)) {
      return false;
    }
    if (method != null && !method.matches(request.method())) {
      return false;
    }
    if (authority != null && !authority.matches(request.authority())) {
      return false;
    }
    if (scheme != null && !scheme.matches(request.scheme())) {
      return false;
    }
    if (port != 0 && port != Authorities.portOf(request.authority(), request.scheme())) {
      return false;
    }
    return headersMatch(request) && (parameters.length == 0 || queryMatches(path, end));
  }

  private boolean headersMatch(RequestHead request) {
    for (int i = 0; i < headers.length; i++) {
      if (!headers[i].matches(request.header(headerNames[i]))) {
        return false;
      }
    }
    for (int i = 0; i < without.length; i++) {
      if (without[i].matches(request.header(withoutNames[i]))) {
        return false;
      }
    }
    return true;
  }

  private boolean queryMatches(String path, int query) {
    for (int i = 0; i < parameters.length; i++) {
      if (!parameters[i].matches(QueryText.value(path, query, parameterNames[i]))) {
        return false;
      }
    }
    return true;
  }
}
