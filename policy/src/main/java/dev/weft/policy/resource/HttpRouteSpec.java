package dev.weft.policy.resource;

import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.Mirror;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.Redirect;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an HTTPRoute says. Immutable. */
public final class HttpRouteSpec {
  /** Services whose callers it is for; none when it is for gateways only. */
  public final List<ParentRef> parents;

  /**
   * One for each match, in the order of the text: precedence goes by matches. A route whose {@link
   * Route#matches} is empty takes every request. Hosts are as {@link BackendRef#host()} writes
   * them.
   */
  public final List<Route> routes;

  /** What backends and mirrors refer to, by their hosts. */
  public final Map<String, BackendRef> references;

  private HttpRouteSpec(
      List<ParentRef> parents, List<Route> routes, Map<String, BackendRef> references) {
    this.parents = Collections.unmodifiableList(parents);
    this.routes = Collections.unmodifiableList(routes);
    this.references = Collections.unmodifiableMap(references);
  }

  static HttpRouteSpec of(SpecFields spec, String namespace, String name) {
    Map<String, BackendRef> references = new LinkedHashMap<>();
    List<Route> routes = new ArrayList<>();
    List<SpecFields> rules = spec.objects("rules", rule -> rule);
    if (rules.isEmpty()) {
      // The CRD's default: a rule that takes every request and goes nowhere.
      rules = Collections.singletonList(SpecFields.of(Collections.emptyMap()));
    }
    for (int i = 0; i < rules.size(); i++) {
      // Istio's name for a rule without one.
      String position = namespace + "." + name + "." + i;
      rule(rules.get(i), position, namespace, references, routes);
    }
    List<ParentRef> parents = new ArrayList<>();
    for (SpecFields parent : spec.objects("parentRefs", each -> each)) {
      if (GatewayReferences.inMesh(parent)) {
        parents.add(ParentRef.of(parent, namespace));
      }
    }
    return new HttpRouteSpec(parents, routes, references);
  }

  private static void rule(
      SpecFields rule,
      String position,
      String namespace,
      Map<String, BackendRef> references,
      List<Route> routes) {
    List<RouteMatch> matches = rule.objects("matches", GatewayMatches::match);
    Route.Builder route =
        Route.builder()
            .name(rule.text("name", position))
            .timeoutMillis(HttpRoutes.timeout(rule.object("timeouts"), "request"))
            .retries(retries(rule));
    List<Mirror> mirrors = new ArrayList<>();
    boolean answered = false;
    for (SpecFields filter : rule.objects("filters", each -> each)) {
      StringMatch replaced = GatewayMatches.replaced(matches);
      if (filter.has("requestMirror")) {
        mirrors.add(mirror(filter.object("requestMirror"), namespace, references));
      } else if (filter.has("requestRedirect")) {
        route.redirect(redirect(filter.object("requestRedirect"), replaced));
        answered = true;
      } else if (filter.has("urlRewrite")) {
        route.rewrite(rewrite(filter.object("urlRewrite"), replaced));
      } else if (filter.has("cors")) {
        route.cors(CorsPolicies.gatewayPolicy(filter.object("cors")));
      }
    }
    route.headers(headers(rule)).mirrors(mirrors);
    if (!answered) {
      route.backends(backends(rule, namespace, references));
    }
    for (RouteMatch match : matches) {
      boolean all = match.equals(RouteMatch.builder().build());
      routes.add(
          route
              .matches(all ? Collections.<RouteMatch>emptyList() : Collections.singletonList(match))
              .build());
    }
    if (matches.isEmpty()) {
      routes.add(route.build());
    }
  }

  /** As in Istio, what weighs nothing at all is answered with 500. */
  private static List<Backend> backends(
      SpecFields rule, String namespace, Map<String, BackendRef> references) {
    List<Backend> backends = new ArrayList<>();
    for (SpecFields each : rule.objects("backendRefs", backend -> backend)) {
      BackendRef reference = BackendRef.of(each, namespace);
      int weight = each.integer("weight", 1);
      if (weight > 0) {
        references.put(reference.host(), reference);
        backends.add(
            Backend.builder()
                .host(reference.host())
                .port(each.integer("port", 0))
                .weight(weight)
                .headers(headers(each))
                .build());
      }
    }
    return backends.isEmpty()
        ? Collections.singletonList(Backend.builder().weight(1).refusal(500).build())
        : backends;
  }

  private static HeaderEdits headers(SpecFields of) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    for (SpecFields filter : of.objects("filters", each -> each)) {
      if (filter.has("requestHeaderModifier")) {
        edits.request(edits(filter.object("requestHeaderModifier")));
      } else if (filter.has("responseHeaderModifier")) {
        edits.response(edits(filter.object("responseHeaderModifier")));
      }
    }
    return edits.build();
  }

  private static HeaderEdits.Edits edits(SpecFields modifier) {
    return HeaderEdits.Edits.of(
        byName(modifier, "set"), byName(modifier, "add"), modifier.texts("remove"));
  }

  /** Of names that are equivalent the first counts. */
  private static Map<String, String> byName(SpecFields modifier, String list) {
    Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (SpecFields header : modifier.objects(list, each -> each)) {
      values.putIfAbsent(header.text("name", ""), header.text("value", ""));
    }
    return new LinkedHashMap<>(values);
  }

  private static Mirror mirror(
      SpecFields mirror, String namespace, Map<String, BackendRef> references) {
    SpecFields backend = mirror.object("backendRef");
    BackendRef reference = BackendRef.of(backend, namespace);
    references.put(reference.host(), reference);
    SpecFields fraction = mirror.object("fraction");
    return Mirror.builder()
        .host(reference.host())
        .port(backend.integer("port", 0))
        .percent(
            mirror.has("fraction")
                ? 100 * fraction.number("numerator", 0) / fraction.number("denominator", 100)
                : mirror.number("percent", 100))
        .build();
  }

  private static Redirect redirect(SpecFields redirect, StringMatch replaced) {
    String scheme = redirect.optionalText("scheme");
    int implied = "https".equals(scheme) ? 443 : 80;
    return Redirect.builder()
        .status(redirect.integer("statusCode", 302))
        .scheme(scheme)
        .authority(redirect.optionalText("hostname"))
        // Another scheme has its own port; without one, that of the request stays.
        .port(redirect.integer("port", scheme == null ? 0 : implied))
        .requestPort(scheme == null && !redirect.has("port"))
        .path(redirect.optionalObject("path", path -> path(path, replaced)))
        .build();
  }

  private static Rewrite rewrite(SpecFields rewrite, StringMatch replaced) {
    return Rewrite.builder()
        .authority(rewrite.optionalText("hostname"))
        .path(rewrite.optionalObject("path", path -> path(path, replaced)))
        .build();
  }

  private static PathRewrite path(SpecFields path, StringMatch replaced) {
    if (path.has("replacePrefixMatch")) {
      String value = path.text("replacePrefixMatch", "");
      return PathRewrite.builder().match(replaced).value(value).build();
    }
    String value = path.text("replaceFullPath", "");
    return PathRewrite.builder().value(value.startsWith("/") ? value : "/" + value).build();
  }

  /** As in Istio: twice, and without codes where the request cannot have been served. */
  private static @Nullable RetryPolicy retries(SpecFields rule) {
    long perTry = rule.object("timeouts").millis("backendRequest", 0);
    RetryPolicy.Builder policy = RetryPolicy.defaults().toBuilder().perTryTimeoutMillis(perTry);
    if (!rule.has("retry")) {
      return perTry == 0 ? null : policy.build();
    }
    SpecFields retry = rule.object("retry");
    return policy
        .attempts(retry.integer("attempts", 2))
        .backoffMillis(retry.millis("backoff", RetryPolicy.defaults().backoffMillis))
        .retriableStatusCodes(retry.integers("codes"))
        .build();
  }
}
