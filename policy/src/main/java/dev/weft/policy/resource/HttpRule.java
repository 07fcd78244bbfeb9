package dev.weft.policy.resource;

import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.Redirect;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One element of {@code http} of a VirtualService, of which the caller decides what it becomes: a
 * match may be for some callers only, and a path takes the place of what its match covers.
 * Immutable.
 */
public final class HttpRule {
  /** Where Istio's route of a match without a path begins. */
  private static final StringMatch EVERY_PATH = StringMatch.prefix("/");

  /** What a rule takes from the one that delegates to it. */
  private static final List<String> INHERITED =
      Arrays.asList("rewrite", "timeout", "retries", "fault", "headers", "corsPolicy");

  private final SpecFields http;
  private final Route route;
  private final List<HttpMatch> matches;

  private HttpRule(SpecFields http, String name, List<HttpMatch> matches) {
    this.http = http;
    this.route = HttpRoutes.route(http).toBuilder().name(name).build();
    this.matches = Collections.unmodifiableList(matches);
  }

  static HttpRule of(SpecFields http) {
    return new HttpRule(http, http.text("name", ""), http.objects("match", HttpMatch::of));
  }

  /** Returns whether another VirtualService says what happens to the requests of this rule. */
  public boolean delegates() {
    return http.has("delegate");
  }

  /** Returns the name of the VirtualService that this rule delegates to. */
  public String delegateName() {
    return http.object("delegate").text("name", "");
  }

  /** Returns the namespace of the VirtualService that this rule delegates to. */
  public String delegateNamespace(String own) {
    String namespace = http.object("delegate").text("namespace", "");
    return namespace.isEmpty() ? own : namespace;
  }

  /** Returns whether the rule says itself who gets a copy of its requests. */
  public boolean mirrors() {
    return http.has("mirror") || http.has("mirrors");
  }

  /**
   * Returns this rule as it holds where {@code root} delegates to it, or null when it would take
   * requests that are not the root's to delegate, and so does not hold at all.
   */
  public @Nullable HttpRule under(HttpRule root) {
    List<HttpMatch> both = HttpDelegation.merged(root.matches, matches);
    if (both == null) {
      return null;
    }
    SpecFields merged = http.withMissing(root.http, INHERITED);
    if (!mirrors()) {
      merged = merged.withMissing(root.http, HttpMirrors.FIELDS);
    }
    return new HttpRule(merged, HttpDelegation.name(root.route.name, route.name), both);
  }

  /** Returns the rule but for its matches: the hosts of its backends are as written. */
  public Route route() {
    return route;
  }

  /** Adds the labels of callers that a match of this rule looks at. */
  public void addSourceLabels(Set<String> keys) {
    for (HttpMatch match : matches) {
      keys.addAll(match.sourceLabels.keySet());
    }
  }

  /**
   * Returns the routes that the rule is for one caller: none when it is for others, and one per
   * match where the match decides of more than whether the rule holds.
   */
  public List<Route> routes(String callerNamespace, Map<String, String> callerLabels) {
    if (matches.isEmpty()) {
      return Collections.singletonList(ofMatch("", EVERY_PATH).build());
    }
    List<Route> routes = new ArrayList<>();
    Route.Builder together = route.toBuilder();
    List<RouteMatch> joined = new ArrayList<>();
    boolean apart = swapsPrefix();
    for (HttpMatch match : matches) {
      apart |= !match.name.isEmpty();
    }
    for (HttpMatch match : matches) {
      if (match.takesCallsOf(callerNamespace, callerLabels)) {
        joined.add(match.request);
        routes.add(
            ofMatch(match.name, match.request.uri)
                .matches(Collections.singletonList(match.request))
                .build());
      }
    }
    return apart || joined.isEmpty()
        ? routes
        : Collections.singletonList(together.matches(joined).build());
  }

  /** Whether the path that the rule writes takes the place of a matched prefix only. */
  private boolean swapsPrefix() {
    Rewrite rewrite = route.rewrite;
    boolean prefix = rewrite != null && rewrite.path != null && rewrite.path.match == null;
    return prefix || !http.object("redirect").text("prefixRewrite", "").isEmpty();
  }

  private Route.Builder ofMatch(String name, @Nullable StringMatch uri) {
    Route.Builder result = route.toBuilder();
    if (!name.isEmpty()) {
      result.name(route.name.isEmpty() ? name : route.name + "." + name);
    }
    StringMatch prefix = uri == null ? EVERY_PATH : uri;
    if (swapsPrefix() && prefix.kind == StringMatch.Kind.PREFIX) {
      Rewrite rewrite = route.rewrite;
      Redirect redirect = route.redirect;
      if (rewrite != null) {
        result.rewrite(rewrite.toBuilder().path(cut(rewrite.path, prefix)).build());
      }
      if (redirect != null) {
        result.redirect(redirect.toBuilder().path(cut(redirect.path, prefix)).build());
      }
    }
    return result;
  }

  private static @Nullable PathRewrite cut(@Nullable PathRewrite path, StringMatch prefix) {
    return path == null ? null : path.toBuilder().match(prefix).build();
  }
}
