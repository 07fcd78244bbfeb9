package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import dev.weft.policy.snapshot.DirectResponse;
import dev.weft.policy.snapshot.Mirror;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.Redirect;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a rule of a VirtualService becomes for one caller, and what it may not say. */
final class HttpRuleTest {
  private static final String TO = "route: [{destination: {host: a}}]";
  private static final Map<String, String> NO_LABELS = Collections.emptyMap();

  @Test
  void aMatchIsForCallersOfItsNamespaceAndLabels() {
    HttpRule rule =
        rule(
            TO,
            "match:",
            "- {sourceNamespace: web, uri: {exact: /web}}",
            "- {sourceLabels: {tier: front}, uri: {exact: /front}}",
            "- {gateways: [mesh], uri: {exact: /all}}");
    assertThat(paths(rule.routes("shop", NO_LABELS))).containsExactly("/all");
    assertThat(paths(rule.routes("web", NO_LABELS))).containsExactly("/web", "/all");
    assertThat(paths(rule.routes("shop", Collections.singletonMap("tier", "front"))))
        .containsExactly("/front", "/all");
    assertThat(paths(rule.routes("shop", Collections.singletonMap("tier", "back"))))
        .containsExactly("/all");
  }

  @Test
  void aRuleThatIsForOthersIsNone() {
    assertThat(rule(TO, "match: [{sourceNamespace: web}]").routes("shop", NO_LABELS)).isEmpty();
    assertThat(rule(TO).routes("shop", NO_LABELS)).hasSize(1);
  }

  @Test
  void aNameOfAMatchFollowsThatOfItsRule() {
    HttpRule rule = rule(TO, "name: r", "match: [{name: a, port: 1}, {port: 2}]");
    assertThat(rule.routes("shop", NO_LABELS))
        .extracting(route -> route.name)
        .containsExactly("r.a", "r");
    assertThat(rule(TO, "match: [{name: a}]").routes("shop", NO_LABELS).get(0).name).isEqualTo("a");
    assertThat(rule(TO, "name: r", "match: [{port: 1}, {port: 2}]").routes("shop", NO_LABELS))
        .as("matches without names stay together")
        .hasSize(1);
  }

  @Test
  void aRewriteTakesThePlaceOfWhatItsMatchCovers() {
    List<Route> routes =
        rule(
                TO,
                "rewrite: {uri: /v2, authority: b}",
                "match: [{uri: {prefix: /v1}}, {uri: {exact: /one}}, {uri: {regex: /x.*}}, {port: 1}]")
            .routes("shop", NO_LABELS);
    assertThat(routes)
        .extracting(route -> route.rewrite)
        .containsExactly(
            rewrite(StringMatch.prefix("/v1")),
            rewrite(null),
            rewrite(null),
            rewrite(StringMatch.prefix("/")));
    assertThat(
            rule(TO, "rewrite: {uri: /v2, authority: b}").routes("shop", NO_LABELS).get(0).rewrite)
        .isEqualTo(rewrite(StringMatch.prefix("/")));
  }

  @Test
  void aMatchWithoutAValueAsksNothing() {
    assertThat(rule(TO, "match: [{port: 1}, null]").routes("shop", NO_LABELS).get(0).matches)
        .containsExactly(RouteMatch.builder().port(1).build(), RouteMatch.builder().build());
  }

  @Test
  void aHostThatIsSetIsARewriteOfTheAuthority() {
    Route route = rule(TO, "headers: {request: {set: {\":authority\": b, x: z}}}").route();
    assertThat(route.rewrite).isEqualTo(Rewrite.builder().authority("b").build());
    assertThat(route.headers.request.set).containsOnlyKeys("x");
    assertThat(
            rule(TO, "rewrite: {uri: /v2}", "headers: {request: {add: {host: b}}}").route().rewrite)
        .isEqualTo(rewrite(null));
    assertThat(problems(TO, "headers: {request: {set: {host: b/c}}}"))
        .contains("headers.request.set.host: must be host or host:port");
    assertThat(problems("route: [{destination: {host: a}, headers: {request: {set: {host: b}}}}]"))
        .contains("route[0].headers.request.set.host: a new authority for one destination only");
  }

  private static Rewrite rewrite(StringMatch match) {
    return Rewrite.builder()
        .authority("b")
        .path(PathRewrite.builder().match(match).value("/v2").build())
        .build();
  }

  @Test
  void anExpressionRewritesWhereverItMatches() {
    Route route =
        rule(
                TO,
                "rewrite: {uriRegexRewrite: {match: '/a/(b+)', rewrite: '/\\1'}}",
                "match: [{uri: {prefix: /a}}, {uri: {prefix: /b}}]")
            .routes("shop", NO_LABELS)
            .get(0);
    assertThat(route.matches).hasSize(2);
    assertThat(route.rewrite.path)
        .isEqualTo(PathRewrite.builder().match(StringMatch.regex("/a/(b+)")).value("/\\1").build());
    assertThat(route.rewrite.authority).isNull();
  }

  @Test
  void aRedirectSaysWhereTo() {
    assertThat(redirect("{uri: /new, redirectCode: 308, scheme: https, port: 8443}"))
        .isEqualTo(
            Redirect.builder()
                .status(308)
                .scheme("https")
                .port(8443)
                .path(PathRewrite.builder().value("/new").build())
                .build());
    assertThat(redirect("{authority: b, derivePort: FROM_REQUEST_PORT}"))
        .isEqualTo(Redirect.builder().authority("b").requestPort(true).build());
    assertThat(redirect("{prefixRewrite: /new}").path)
        .isEqualTo(PathRewrite.builder().match(StringMatch.prefix("/old")).value("/new").build());
  }

  private static Redirect redirect(String fields) {
    return rule("redirect: " + fields, "match: [{uri: {prefix: /old}}]")
        .routes("shop", NO_LABELS)
        .get(0)
        .redirect;
  }

  @Test
  void aDirectResponseHasABodyOfTextOrBytes() {
    assertThat(response("{status: 503, body: {string: maintenance}}"))
        .isEqualTo(DirectResponse.builder().status(503).body("bWFpbnRlbmFuY2U=").build());
    assertThat(response("{status: 200, body: {bytes: AAE=}}").body).isEqualTo("AAE=");
    assertThat(response("{status: 204}")).isEqualTo(DirectResponse.builder().status(204).build());
  }

  private static DirectResponse response(String fields) {
    return rule("directResponse: " + fields).routes("shop", NO_LABELS).get(0).directResponse;
  }

  @Test
  void aMirrorGetsAllUnlessItSaysHowMuch() {
    assertThat(mirrors("mirror: {host: b, subset: v1, port: {number: 80}}"))
        .containsExactly(Mirror.builder().host("b").subset("v1").port(80).percent(100).build());
    assertThat(mirrors("mirror: {host: b}", "mirrorPercentage: {value: 0.5}"))
        .containsExactly(Mirror.builder().host("b").percent(0.5).build());
    assertThat(mirrors("mirror: {host: b}", "mirrorPercentage: {}"))
        .containsExactly(Mirror.builder().host("b").percent(0).build());
    assertThat(mirrors("mirror: {host: b}", "mirrorPercent: 5"))
        .containsExactly(Mirror.builder().host("b").percent(5).build());
    assertThat(mirrors("mirror: {host: b}", "mirror_percent: 6"))
        .containsExactly(Mirror.builder().host("b").percent(6).build());
    assertThat(
            mirrors(
                "mirrors: [{destination: {host: b}}, {destination: {host: c}, percentage: {value: 1}}]"))
        .containsExactly(
            Mirror.builder().host("b").percent(100).build(),
            Mirror.builder().host("c").percent(1).build());
    assertThat(problems(TO, "mirror: {host: b}", "mirrors: [{destination: {host: b}}]"))
        .contains("mirrors: must not stand beside mirror");
    assertThat(problems(TO, "mirrors: [{percentage: {value: 1}}]")).contains("is required");
    assertThat(problems(TO, "mirror: {host: b}", "mirrorPercentage: {value: 101}"))
        .contains("from 0 to 100");
    assertThat(rule(TO, "mirrorPercent: 5").route().mirrors).isEmpty();
  }

  private static List<Mirror> mirrors(String... fields) {
    List<String> lines = new ArrayList<>(Collections.singletonList(TO));
    Collections.addAll(lines, fields);
    return rule(lines.toArray(new String[0])).routes("shop", NO_LABELS).get(0).mirrors;
  }

  @Test
  void refusesWhatIstioRefuses() {
    assertThat(problems(TO, "rewrite: {}")).contains("8:14: spec.http[0].rewrite", "must have uri");
    assertThat(problems(TO, "rewrite: {uri: /a, uriRegexRewrite: {match: a, rewrite: b}}"))
        .contains("must not stand beside uri");
    assertThat(problems(TO, "rewrite: {uriRegexRewrite: {match: a}}"))
        .contains("uriRegexRewrite.rewrite: is required");
    assertThat(problems(TO, "rewrite: {uriRegexRewrite: {match: '(', rewrite: b}}"))
        .contains("must be an RE2 expression");
    assertThat(problems(TO, "rewrite: {uriRegexRewrite: {match: (a), rewrite: /\\2}}"))
        .contains("must not name group 2: match has 1");
    assertThat(problems(TO, "rewrite: {uriRegexRewrite: {match: (a), rewrite: /\\x}}"))
        .contains("a digit or another \\ after each \\");
    assertThat(problems(TO, "rewrite: {authority: a}", "headers: {request: {set: {Host: b}}}"))
        .contains("must not write the authority that is written already");
    assertThat(problems(TO, "redirect: {uri: /a}")).contains("must not stand beside route");
    assertThat(problems("redirect: {uri: /a}", "rewrite: {uri: /a}")).contains("beside route");
    assertThat(problems("redirect: {uri: /a}", "directResponse: {status: 200}"))
        .contains("directResponse: must not stand beside redirect");
    assertThat(problems("redirect: {}")).contains("must have uri, prefixRewrite, authority");
    assertThat(problems("redirect: {uri: /a, prefixRewrite: /b}")).contains("beside uri");
    assertThat(problems("redirect: {uri: /a, redirectCode: 200}")).contains("from 300 to 399");
    assertThat(problems("redirect: {uri: /a, redirectCode: 304}"))
        .contains("a redirect with 304: not in force");
    assertThat(problems("redirect: {prefixRewrite: /a}", "match: [{uri: {regex: /b}}]"))
        .contains("must not stand beside a match of uri by regex");
    assertThat(problems("directResponse: {body: {string: a}}")).contains("status: is required");
    assertThat(problems("directResponse: {status: 100}")).contains("from 200 to 600");
    assertThat(problems("directResponse: {status: 200, body: {string: a, bytes: AAE=}}"))
        .contains("must not stand beside string");
    assertThat(problems("directResponse: {status: 200, body: {bytes: '?'}}")).contains("base64");
    assertThat(problems(TO, "match: [{sourceNamespace: -}]")).contains("must be a DNS label");
    assertThat(problems(TO, "match: [{sourceLabels: {a: b c}}]"))
        .contains("must be letters, digits");
    assertThat(problems(TO, "match: [{gateways: [a/b/c]}]"))
        .contains("must have one slash at most");
    assertThat(problems(TO, "match: [{gateways: [a b]}]")).contains("must be mesh or the name of");
  }

  @Test
  void readsWhatARequestMustNotHaveAndWhereRetriesGo() {
    Route route =
        rule(
                TO,
                "match: [{withoutHeaders: {X-Old: {exact: a}}}]",
                "fault: {delay: {percent: 100}}",
                "retries: {attempts: 1, retryIgnorePreviousHosts: false, retryRemoteLocalities: true}")
            .routes("shop", NO_LABELS)
            .get(0);
    assertThat(route.matches.get(0).withoutHeaders).containsEntry("x-old", StringMatch.exact("a"));
    assertThat(route.retries.ignorePreviousHosts).isFalse();
    assertThat(route.retries.remoteLocalities).isTrue();
    assertThat(route.fault.delayMillis).as("without fixedDelay there is none").isZero();
  }

  @Test
  void warnsOfWhatHasNoMeaningWithoutAProxy() {
    ReadResult read =
        read(TO, "match: [{statPrefix: p}, {gateways: [edge]}, {gateways: [edge, mesh], port: 1}]");
    Resource resource = read.resources().get(0);
    assertThat(resource.warnings())
        .extracting(Problem::toString)
        .containsExactly(
            "x.yaml:8:14: spec.http[0].match[0].statPrefix: has no effect: there is no proxy whose"
                + " statistics it names",
            "x.yaml:8:31: spec.http[0].match[1].gateways: has no effect: Weft has no gateways; only"
                + " mesh counts, not edge",
            "x.yaml:8:51: spec.http[0].match[2].gateways: has no effect: Weft has no gateways; only"
                + " mesh counts, not edge");
    assertThat(resource.toJson()).contains("statPrefix");
    HttpRule rule = resource.spec(VirtualServiceSpec.class).rules.get(0);
    assertThat(rule.routes("shop", NO_LABELS).get(0).matches)
        .as("a match for gateways only takes no call")
        .extracting(match -> match.port)
        .containsExactly(0, 1);
    assertThat(rule(TO, "match: [{gateways: [edge]}]").routes("shop", NO_LABELS)).isEmpty();
    String form =
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\n"
            + "spec:\n  hosts: ['*']\n  gateways: [edge]\n  http: [{"
            + TO
            + "}]";
    Resource ingress = ResourceReader.read("x", form, "shop").resources().get(0);
    assertThat(ingress.warnings()).hasSize(1);
    assertThat(ingress.spec(VirtualServiceSpec.class).inMesh).isFalse();
  }

  @Test
  void refusesWhatWouldBecomeAnotherPartOfARequest() {
    assertThat(problems(TO, "rewrite: {uri: '/a b'}")).contains("must be a path as it is sent");
    assertThat(problems(TO, "rewrite: {authority: 'a/b'}")).contains("must be host or host:port");
    assertThat(problems("redirect: {scheme: javascript}")).contains("must be http or https");
  }

  @Test
  void matchesOfADelegateMustBePartOfTheRoots() {
    assertThat(joined("{uri: {prefix: /a}}", "{uri: {prefix: /a/b}}")).isEqualTo("/a/b");
    assertThat(joined("{uri: {prefix: /a}}", "{uri: {exact: /a}}")).isEqualTo("/a");
    assertThat(joined("{uri: {prefix: /a}}", "{uri: {prefix: /}}")).isEqualTo("none");
    assertThat(joined("{uri: {exact: /a}}", "{uri: {prefix: /a}}")).isEqualTo("none");
    assertThat(joined("{uri: {exact: /a}}", "{uri: {exact: /b}}")).isEqualTo("none");
    assertThat(joined("{uri: {prefix: /a}}", "{port: 1}")).isEqualTo("/a");
    assertThat(joined("{port: 2, uri: {prefix: /a}}", "{port: 1}")).isEqualTo("none");
    assertThat(joined("{method: {exact: GET}}", "{method: {exact: PUT}}")).isEqualTo("none");
    assertThat(joined("{headers: {x: {exact: a}}}", "{headers: {x: {exact: b}}}"))
        .isEqualTo("none");
    assertThat(joined("{headers: {x: {}}}", "{headers: {x: {exact: b}}}"))
        .as("as in Istio presence is no part of anything")
        .isEqualTo("none");
    assertThat(
            joined("{uri: {prefix: /a}, headers: {x: {exact: a}}}", "{headers: {z: {exact: b}}}"))
        .isEqualTo("/a x=a z=b");
    assertThat(joined("{uri: {prefix: /a}, ignoreUriCase: true}", "{uri: {prefix: /a}}"))
        .isEqualTo("none");
    assertThat(joined("{uri: {regex: /a.*}}", "{uri: {exact: /ab}}")).isEqualTo("none");
    assertThat(joined("{uri: {regex: /a.*}}", "{port: 1}")).isEqualTo("/a.*");
    assertThat(joined("{sourceNamespace: web}", "{uri: {exact: /a}, sourceNamespace: shop}"))
        .isEqualTo("none");
    assertThat(joined("{sourceLabels: {a: b}}", "{uri: {exact: /a}, sourceLabels: {a: c}}"))
        .isEqualTo("none");
    assertThat(joined("{sourceNamespace: web}", "{uri: {exact: /a}}")).as("for others").isEmpty();
  }

  private static String joined(String root, String leaf) {
    HttpRule merged =
        rule(TO, "match: [" + leaf + "]")
            .under(rule("delegate: {name: b}", "match: [" + root + "]"));
    if (merged == null) {
      return "none";
    }
    StringBuilder text = new StringBuilder();
    for (Route route : merged.routes("shop", NO_LABELS)) {
      route.matches.forEach(
          match -> {
            text.append(match.uri == null ? "" : match.uri.value);
            match.headers.forEach(
                (name, value) -> text.append(" ").append(name + "=" + value.value));
          });
    }
    return text.toString();
  }

  @Test
  void refusesDelegationsThatIstioRefuses() {
    assertThat(problems(TO, "delegate: {name: b}")).contains("route: must not stand beside");
    assertThat(problems("delegate: {name: b}", "redirect: {uri: /}"))
        .contains("redirect: must not stand beside delegate");
    String form =
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n  ";
    assertThat(ResourceReader.read("x", form + "http: [{delegate: {name: b}}]", "shop").problems())
        .singleElement()
        .satisfies(p -> assertThat(p.message).contains("in a VirtualService without hosts"));
    assertThat(
            ResourceReader.read("x", form + "gateways: [mesh]\n  http: [{" + TO + "}]", "shop")
                .problems())
        .singleElement()
        .satisfies(p -> assertThat(p.message).contains("in a VirtualService without hosts"));
    assertThat(ResourceReader.read("x", form + "http: [{" + TO + "}]", "shop").problems())
        .isEmpty();
  }

  private static List<String> paths(List<Route> routes) {
    List<String> paths = new ArrayList<>();
    routes.forEach(route -> route.matches.forEach(match -> paths.add(match.uri.value)));
    return paths;
  }

  private static String problems(String... fields) {
    StringBuilder problems = new StringBuilder();
    for (Problem problem : read(fields).problems()) {
      problems.append(problem).append('\n');
    }
    return problems.toString();
  }

  private static HttpRule rule(String... fields) {
    ReadResult read = read(fields);
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(VirtualServiceSpec.class).rules.get(0);
  }

  private static ReadResult read(String... fields) {
    String head =
        "apiVersion: networking.istio.io/v1\n"
            + "kind: VirtualService\n"
            + "metadata: {name: a}\n"
            + "spec:\n"
            + "  hosts: [a]\n"
            + "  http:\n"
            + "  - ";
    return ResourceReader.read("x.yaml", head + String.join("\n    ", fields), "shop");
  }
}
