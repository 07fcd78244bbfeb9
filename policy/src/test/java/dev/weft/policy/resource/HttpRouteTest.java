package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an HTTPRoute and a ReferenceGrant say, and what they may not say. */
final class HttpRouteTest {
  private static final String TO = "backendRefs: [{name: a, port: 80}]";

  private static String route(String... lines) {
    return "apiVersion: gateway.networking.k8s.io/v1\n"
        + "kind: HTTPRoute\n"
        + "metadata: {name: r, namespace: shop}\n"
        + "spec:\n"
        + "  parentRefs: [{group: \"\", kind: Service, name: orders}]\n"
        + "  rules:\n"
        + "  - "
        + String.join("\n    ", lines)
        + "\n";
  }

  private static HttpRouteSpec spec(String... lines) {
    ReadResult read = ResourceReader.read("r.yaml", route(lines), "default");
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(HttpRouteSpec.class);
  }

  private static Route only(String... lines) {
    List<Route> routes = spec(lines).routes;
    assertThat(routes).hasSize(1);
    return routes.get(0);
  }

  @Test
  void eachMatchIsARouteOfItsOwn() {
    List<Route> routes =
        spec(
                "name: rule",
                "matches:",
                "- {path: {value: /v1/}, headers: [{name: Version, value: one}, {name: version, value: two}]}",
                "- {path: {type: Exact, value: /v2}, method: POST}",
                "- {path: {type: RegularExpression, value: /v3.*}}",
                "- {queryParams: [{name: Q, type: RegularExpression, value: x+}]}",
                "- {path: {value: /}}",
                TO)
            .routes;
    assertThat(routes).extracting(each -> each.name).containsOnly("rule");
    assertThat(routes)
        .extracting(each -> each.matches)
        .containsExactly(
            Collections.singletonList(
                RouteMatch.builder()
                    .uri(StringMatch.pathPrefix("/v1"))
                    .headers(Collections.singletonMap("version", StringMatch.exact("one")))
                    .build()),
            Collections.singletonList(
                RouteMatch.builder()
                    .uri(StringMatch.exact("/v2"))
                    .method(StringMatch.exact("POST"))
                    .build()),
            Collections.singletonList(RouteMatch.builder().uri(StringMatch.regex("/v3.*")).build()),
            Collections.singletonList(
                RouteMatch.builder()
                    .queryParams(Collections.singletonMap("Q", StringMatch.regex("x+")))
                    .build()),
            Collections.emptyList());
  }

  @Test
  void aRuleWithoutANameIsCalledByItsPlace() {
    assertThat(only(TO).name).isEqualTo("shop.r.0");
    assertThat(only(TO).matches).isEmpty();
  }

  @Test
  void backendsAreWeighedAndEditHeaders() {
    HttpRouteSpec spec =
        spec(
            "backendRefs:",
            "- {name: a, port: 80, weight: 9}",
            "- {name: b, namespace: other, port: 80, filters: [{type: RequestHeaderModifier,",
            "   requestHeaderModifier: {set: [{name: X, value: a%b}], remove: [gone]}},",
            "   {type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: W, value: c}]}}]}",
            "- {name: c, port: 80, weight: 0}",
            "- {group: networking.istio.io, kind: Hostname, name: example.com, port: 443}");
    Backend a = Backend.builder().host("a.shop.svc").port(80).weight(9).build();
    HeaderEdits edits =
        HeaderEdits.builder()
            .request(
                HeaderEdits.Edits.of(
                    Collections.singletonMap("X", "a%b"),
                    Collections.emptyMap(),
                    Collections.singletonList("gone")))
            .response(
                HeaderEdits.Edits.of(
                    Collections.emptyMap(),
                    Collections.singletonMap("W", "c"),
                    Collections.emptyList()))
            .build();
    assertThat(spec.routes.get(0).backends)
        .containsExactly(
            a,
            Backend.builder().host("b.other.svc").port(80).weight(1).headers(edits).build(),
            Backend.builder().host("example.com").port(443).weight(1).build());
    assertThat(spec.references.keySet())
        .containsExactly("a.shop.svc", "b.other.svc", "example.com");
    assertThat(spec.references.get("example.com").namespace).isEmpty();
  }

  @Test
  void whatGoesNowhereIsAnsweredWith500() {
    Backend nowhere = Backend.builder().weight(1).refusal(500).build();
    assertThat(only("name: rule").backends).containsExactly(nowhere);
    assertThat(only("backendRefs: [{name: a, port: 80, weight: 0}]").backends)
        .containsExactly(nowhere);
  }

  @Test
  void aRedirectSaysItsOwnPortOrThatOfTheRequest() {
    assertThat(redirect("{hostname: example.org}"))
        .isEqualTo(
            Redirect.builder().status(302).authority("example.org").requestPort(true).build());
    assertThat(redirect("{scheme: https, statusCode: 308}"))
        .isEqualTo(Redirect.builder().status(308).scheme("https").port(443).build());
    assertThat(redirect("{port: 8083}"))
        .isEqualTo(Redirect.builder().status(302).port(8083).build());
    assertThat(redirect("{path: {type: ReplaceFullPath, replaceFullPath: x}}").path)
        .isEqualTo(PathRewrite.builder().value("/x").build());
    assertThat(
            only(
                    "matches: [{path: {value: /a}}]",
                    "filters: [{type: RequestRedirect, requestRedirect: {path: {type:"
                        + " ReplacePrefixMatch, replacePrefixMatch: /b}}}]")
                .redirect
                .path)
        .isEqualTo(PathRewrite.builder().match(StringMatch.pathPrefix("/a")).value("/b").build());
  }

  private static Redirect redirect(String text) {
    Route route = only("filters: [{type: RequestRedirect, requestRedirect: " + text + "}]");
    assertThat(route.backends).isEmpty();
    return route.redirect;
  }

  @Test
  void aRewriteTakesThePlaceOfThePrefix() {
    Route route =
        only(
            "filters:",
            "- {type: URLRewrite, urlRewrite: {hostname: b, path: {type: ReplacePrefixMatch,"
                + " replacePrefixMatch: \"\"}}}",
            TO);
    assertThat(route.rewrite)
        .isEqualTo(
            Rewrite.builder()
                .authority("b")
                .path(PathRewrite.builder().match(StringMatch.pathPrefix("/")).build())
                .build());
  }

  @Test
  void mirrorsHaveAShare() {
    Route route =
        only(
            "filters:",
            "- {type: RequestMirror, requestMirror: {backendRef: {name: m, port: 80}}}",
            "- {type: RequestMirror, requestMirror: {backendRef: {name: half, port: 80}, percent: 5}}",
            "- {type: RequestMirror, requestMirror: {backendRef: {name: o, port: 80},"
                + " fraction: {numerator: 1, denominator: 8}}}",
            TO);
    Mirror all = Mirror.builder().host("m.shop.svc").port(80).build();
    assertThat(route.mirrors)
        .containsExactly(
            all,
            all.toBuilder().host("half.shop.svc").percent(5).build(),
            all.toBuilder().host("o.shop.svc").percent(12.5).build());
  }

  @Test
  void timeoutsAndRetries() {
    assertThat(only(TO).retries).isNull();
    Route route =
        only("timeouts: {request: 1s, backendRequest: 200ms}", "retry: {codes: [500]}", TO);
    assertThat(route.timeoutMillis).isEqualTo(1000);
    RetryPolicy retried =
        RetryPolicy.defaults().toBuilder()
            .perTryTimeoutMillis(200)
            .retriableStatusCodes(Collections.singletonList(500))
            .build();
    assertThat(route.retries).isEqualTo(retried);
    assertThat(only("retry: {attempts: 5, backoff: 50ms}", TO).retries)
        .isEqualTo(
            retried.toBuilder()
                .attempts(5)
                .perTryTimeoutMillis(0)
                .backoffMillis(50)
                .retriableStatusCodes(Collections.emptyList())
                .build());
    assertThat(only("timeouts: {backendRequest: 200ms}", TO).retries)
        .isEqualTo(RetryPolicy.defaults().toBuilder().perTryTimeoutMillis(200).build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "matches: [{path: {value: v1}}] | rules[0].matches[0].path.value",
        "matches: [{path: {type: Exact, value: /a/../b}}] | rules[0].matches[0].path.value",
        "matches: [{path: {value: '/my[/]path'}}] | rules[0].matches[0].path.value",
        "matches: [{path: {type: RegularExpression, value: '('}}] | rules[0].matches[0].path.value",
        "matches: [{headers: [{name: a/, value: x}]}] | rules[0].matches[0].headers[0].name",
        "matches: [{method: get}] | rules[0].matches[0].method",
        "matches: [{queryParams: [{name: a, value: x}, {name: a, value: y}]}]"
            + " | rules[0].matches[0].queryParams[1].name",
        "filters: [{type: RequestHeaderModifier}] | rules[0].filters[0].requestHeaderModifier",
        "filters: [{type: URLRewrite, urlRewrite: {}, cors: {}}] | rules[0].filters[0].cors",
        "filters: [{type: CORS}] | rules[0].filters[0].cors",
        "filters: [{type: CORS, cors: {}}, {type: CORS, cors: {}}] | rules[0].filters[1].type",
        "backendRefs: [{name: a, port: 1, filters: [{type: CORS, cors: {}}]}]"
            + " | rules[0].backendRefs[0].filters[0].cors",
        "filters: [{type: URLRewrite, urlRewrite: {}}, {type: URLRewrite, urlRewrite: {}}]"
            + " | rules[0].filters[1].type",
        "filters: [{type: URLRewrite, urlRewrite: {}}, {type: RequestRedirect, requestRedirect: {}}]"
            + " | rules[0].filters",
        "filters: [{type: RequestRedirect, requestRedirect: {statusCode: 304}}]"
            + " | rules[0].filters[0].requestRedirect.statusCode",
        "filters: [{type: RequestRedirect, requestRedirect: {hostname: '*.a'}}]"
            + " | rules[0].filters[0].requestRedirect.hostname",
        "filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplaceFullPath}}}]"
            + " | rules[0].filters[0].requestRedirect.path.replaceFullPath",
        "filters: [{type: RequestMirror, requestMirror: {backendRef: {name: a, port: 1},"
            + " percent: 1, fraction: {numerator: 1}}}]"
            + " | rules[0].filters[0].requestMirror.fraction",
        "filters: [{type: RequestHeaderModifier, requestHeaderModifier: {remove: [a, a]}}]"
            + " | rules[0].filters[0].requestHeaderModifier.remove[1]",
        "backendRefs: [{name: a}] | rules[0].backendRefs[0].port",
        "backendRefs: [{name: a.b, port: 1}] | rules[0].backendRefs[0].name",
        "backendRefs: [{name: a, port: 1, weight: 1000001}] | rules[0].backendRefs[0].weight",
        "timeouts: {request: 1s, backendRequest: 2s} | rules[0].timeouts.backendRequest",
        "timeouts: {request: 1.5s} | rules[0].timeouts.request",
        "retry: {codes: [200]} | rules[0].retry.codes[0]",
      })
  void isRefusedWhereItIsWrong(String rule, String field) {
    assertThat(ResourceReader.read("r.yaml", route(rule), "default").problems())
        .anySatisfy(
            problem -> {
              assertThat(problem.code).isIn(Problem.Code.INVALID, Problem.Code.NOT_IN_FORCE);
              assertThat(problem.field).isEqualTo("spec." + field);
              assertThat(problem.mark.line).isEqualTo(7);
            });
  }

  @Test
  void aRedirectStandsAlone() {
    String text = route("filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]", TO);
    assertThat(ResourceReader.read("r.yaml", text, "default").problems())
        .extracting(problem -> problem.field)
        .containsExactly("spec.rules[0].filters[0].requestRedirect");
  }

  @Test
  void aPrefixIsReplacedWhereThereIsOne() {
    String text =
        route(
            "matches: [{path: {type: Exact, value: /a}}]",
            "filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch,"
                + " replacePrefixMatch: /b}}}]");
    assertThat(ResourceReader.read("r.yaml", text, "default").problems())
        .extracting(problem -> problem.field)
        .containsExactly("spec.rules[0].filters[0].urlRewrite.path.replacePrefixMatch");
  }

  @Test
  void parentsAreServicesToldApart() {
    assertThat(parents("[{group: \"\", kind: Service, name: a, port: 1, namespace: b}]")).isEmpty();
    assertThat(
            parents("[{group: networking.istio.io, kind: ServiceEntry, name: a, sectionName: p}]"))
        .isEmpty();
    assertThat(parents("[{group: core, kind: Service, name: a}]"))
        .containsExactly("parentRefs[0].kind");
    assertThat(parents("[{group: \"\", kind: Service, name: a, sectionName: http}]"))
        .containsExactly("parentRefs[0].sectionName");
    assertThat(
            parents(
                "[{group: \"\", kind: Service, name: a, port: 1}, {group: \"\", kind: Service, name: a}]"))
        .containsExactly("parentRefs[1].name");
    assertThat(
            parents(
                "[{group: \"\", kind: Service, name: a, port: 1}, {group: \"\", kind: Service, name: a,"
                    + " port: 2}]"))
        .isEmpty();
  }

  @Test
  void whatIsForGatewaysIsWarnedOf() {
    String text =
        route(TO)
            .replaceFirst(
                "parentRefs: .*",
                "parentRefs: [{name: gateway}, {group: \"\", kind: Service, name: orders}]\n"
                    + "  hostnames: [\"*.example.com\"]");
    ReadResult read = ResourceReader.read("r.yaml", text, "default");
    assertThat(read.problems()).isEmpty();
    Resource resource = read.resources().get(0);
    assertThat(resource.warnings())
        .extracting(warning -> warning.field)
        .containsExactly("spec.parentRefs[0].name", "spec.hostnames");
    assertThat(resource.spec(HttpRouteSpec.class).parents)
        .extracting(parent -> parent.name)
        .containsExactly("orders");
    read = ResourceReader.read("r.yaml", text.replaceFirst("parentRefs: .*", ""), "default");
    assertThat(read.resources().get(0).warnings()).hasSize(2);
  }

  private static List<String> parents(String list) {
    String text =
        route(TO).replaceFirst("parentRefs: .*", "parentRefs: " + list.replace("$", "\\$"));
    return ResourceReader.read("r.yaml", text, "default").problems().stream()
        .map(problem -> problem.field.replaceFirst("spec\\.", ""))
        .collect(java.util.stream.Collectors.toList());
  }

  @Test
  void aGrantPermitsWhatItNames() {
    String text =
        "apiVersion: gateway.networking.k8s.io/v1beta1\n"
            + "kind: ReferenceGrant\n"
            + "metadata: {name: g, namespace: stock}\n"
            + "spec:\n"
            + "  from:\n"
            + "  - {group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}\n"
            + "  - {group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: web}\n"
            + "  to: [{group: \"\", kind: Service, name: a}, {group: \"\", kind: Secret}]\n";
    ReadResult read = ResourceReader.read("g.yaml", text, "default");
    assertThat(read.problems()).isEmpty();
    ReferenceGrantSpec grant = read.resources().get(0).spec(ReferenceGrantSpec.class);
    assertThat(grant.permits("shop", "a")).isTrue();
    assertThat(grant.permits("shop", "b")).isFalse();
    assertThat(grant.permits("web", "a")).isFalse();
    assertThat(Arrays.asList(ResourceKind.named("refgrant"), ResourceKind.named("HTTPRoutes")))
        .containsExactly(ResourceKind.REFERENCE_GRANT, ResourceKind.HTTP_ROUTE);
  }
}
