package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import dev.weft.policy.snapshot.CorsPolicy;
import dev.weft.policy.snapshot.StringMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules say of other origins, and what they may not say. */
final class CorsPoliciesTest {
  private static String virtualService(String rule) {
    return "apiVersion: networking.istio.io/v1\n"
        + "kind: VirtualService\n"
        + "metadata: {name: v}\n"
        + "spec:\n"
        + "  hosts: [orders]\n"
        + "  http: [{"
        + rule
        + "}]\n";
  }

  private static String httpRoute(String cors) {
    return "apiVersion: gateway.networking.k8s.io/v1\n"
        + "kind: HTTPRoute\n"
        + "metadata: {name: r, namespace: shop}\n"
        + "spec:\n"
        + "  parentRefs: [{group: \"\", kind: Service, name: orders}]\n"
        + "  rules: [{filters: [{type: CORS, cors: "
        + cors
        + "}], backendRefs: [{name: a, port: 80}]}]\n";
  }

  private static CorsPolicy istio(String cors) {
    String rule = "route: [{destination: {host: orders}}], corsPolicy: " + cors;
    ReadResult read = ResourceReader.read("v.yaml", virtualService(rule), "shop");
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(VirtualServiceSpec.class).rules.get(0).route().cors;
  }

  private static CorsPolicy gateway(String cors) {
    ReadResult read = ResourceReader.read("r.yaml", httpRoute(cors), "shop");
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(HttpRouteSpec.class).routes.get(0).cors;
  }

  private static List<String> problems(String yaml) {
    List<String> texts = new ArrayList<>();
    for (Problem problem : ResourceReader.read("x.yaml", yaml, "shop").problems()) {
      texts.add(problem.field + ": " + problem.message);
    }
    return texts;
  }

  @Test
  void everyFieldOfIstioCounts() {
    assertThat(
            istio(
                "{allowOrigins: [{exact: 'https://a'}, {prefix: 'https://b'}, {regex: 'https://c+'}],"
                    + " allowMethods: [GET, '*'], allowHeaders: [X-A, '*'], exposeHeaders: [X-B],"
                    + " maxAge: 1h, allowCredentials: true, unmatchedPreflights: IGNORE}"))
        .isEqualTo(
            CorsPolicy.builder()
                .allowOrigins(
                    Arrays.asList(
                        StringMatch.exact("https://a"),
                        StringMatch.prefix("https://b"),
                        StringMatch.regex("https://c+")))
                .allowMethods(Arrays.asList("GET", "*"))
                .allowHeaders(Arrays.asList("X-A", "*"))
                .exposeHeaders(Collections.singletonList("X-B"))
                .maxAgeSeconds(3600)
                .allowCredentials(true)
                .forwardUnmatchedPreflights(false)
                .build());
    assertThat(istio("{}")).isEqualTo(CorsPolicy.builder().build());
    assertThat(istio("{unmatchedPreflights: FORWARD}").forwardUnmatchedPreflights).isTrue();
    assertThat(istio("{unmatchedPreflights: UNSPECIFIED}").forwardUnmatchedPreflights).isTrue();
  }

  @Test
  void theDeprecatedOriginsCountWhereTheOthersAreNotGiven() {
    assertThat(istio("{allowOrigin: ['*']}").allowOrigins).containsExactly(StringMatch.exact("*"));
    String both = "{allowOrigin: [b], allowOrigins: [{exact: a}]}";
    String rule = "route: [{destination: {host: orders}}], corsPolicy: " + both;
    ReadResult read = ResourceReader.read("v.yaml", virtualService(rule), "shop");
    assertThat(read.problems()).isEmpty();
    assertThat(read.resources().get(0).warnings().toString()).contains("only allowOrigins counts");
  }

  @Test
  void whereTheRuleAnswersItselfItHasNoEffect() {
    String rule = "directResponse: {status: 200}, corsPolicy: {allowOrigins: [{exact: a}]}";
    ReadResult read = ResourceReader.read("v.yaml", virtualService(rule), "shop");
    assertThat(read.problems()).isEmpty();
    assertThat(read.resources().get(0).warnings().toString()).contains("the rule answers itself");
  }

  @Test
  void aDelegateTakesItFromTheRuleThatDelegates() {
    HttpRule root = rule("delegate: {name: d}, corsPolicy: {allowOrigin: [a]}");
    HttpRule silent = rule("route: [{destination: {host: orders}}]");
    HttpRule own = rule("route: [{destination: {host: orders}}], corsPolicy: {allowOrigin: [b]}");
    assertThat(silent.under(root).route().cors.allowOrigins)
        .containsExactly(StringMatch.exact("a"));
    assertThat(own.under(root).route().cors.allowOrigins).containsExactly(StringMatch.exact("b"));
  }

  private static HttpRule rule(String text) {
    ReadResult read = ResourceReader.read("v.yaml", virtualService(text), "shop");
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(VirtualServiceSpec.class).rules.get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{allowMethods: [PUTT]} | allowMethods[0]",
        "{allowMethods: [get]} | allowMethods[0]",
        "{allowHeaders: ['a b']} | allowHeaders[0]",
        "{allowHeaders: ['']} | allowHeaders[0]",
        "{exposeHeaders: ['a:b']} | exposeHeaders[0]",
        "{maxAge: 1500ms} | maxAge",
        "{maxAge: 2.000000042s} | maxAge",
        "{maxAge: 0s} | maxAge",
        "{maxAge: 10} | maxAge",
        "{allowOrigins: [{exact: ''}]} | allowOrigins[0].exact",
        "{allowOrigins: [{regex: '('}]} | allowOrigins[0].regex",
        "{allowOrigins: [{}]} | allowOrigins[0]",
        "{allowOrigins: [{exact: a, prefix: b}]} | allowOrigins[0]",
        "{allowCredentials: 'yes'} | allowCredentials",
        "{unmatchedPreflights: DROP} | unmatchedPreflights",
        "{allowOrigns: []} | allowOrigns",
      })
  void istiosRulesHold(String cors, String field) {
    String rule = "route: [{destination: {host: orders}}], corsPolicy: " + cors;
    assertThat(problems(virtualService(rule)))
        .anySatisfy(text -> assertThat(text).startsWith("spec.http[0].corsPolicy." + field + ":"));
  }

  @Test
  void everyFieldOfTheGatewayApiCounts() {
    assertThat(
            gateway(
                "{allowOrigins: ['https://a.example:443', 'http://b:80', 'https://*.c.example:8443'],"
                    + " allowCredentials: true, allowMethods: [GET], allowHeaders: ['*'],"
                    + " exposeHeaders: [X-A, '*'], maxAge: 60}"))
        .isEqualTo(
            CorsPolicy.builder()
                .allowOrigins(
                    Arrays.asList(
                        StringMatch.exact("https://a.example"),
                        StringMatch.exact("http://b"),
                        StringMatch.regex("https://[^/:]+\\.c\\.example:8443")))
                .allowCredentials(true)
                .allowMethods(Collections.singletonList("GET"))
                .allowHeaders(Collections.singletonList("*"))
                .exposeHeaders(Collections.singletonList("X-A"))
                .maxAgeSeconds(60)
                .forwardUnmatchedPreflights(false)
                .build());
    assertThat(gateway("{allowOrigins: ['*']}"))
        .isEqualTo(
            CorsPolicy.builder()
                .allowOrigins(Collections.singletonList(StringMatch.exact("*")))
                .maxAgeSeconds(5)
                .forwardUnmatchedPreflights(false)
                .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{allowOrigins: ['*', 'https://a']} | allowOrigins",
        "{allowOrigins: ['ftp://a']} | allowOrigins[0]",
        "{allowOrigins: ['https://a/b']} | allowOrigins[0]",
        "{allowOrigins: ['https://a', 'https://a']} | allowOrigins[1]",
        "{allowMethods: ['*', GET]} | allowMethods",
        "{allowMethods: [get]} | allowMethods[0]",
        "{allowHeaders: ['*', X-A]} | allowHeaders",
        "{exposeHeaders: ['a b']} | exposeHeaders[0]",
        "{maxAge: 0} | maxAge",
      })
  void theGatewayApisRulesHold(String cors, String field) {
    assertThat(problems(httpRoute(cors)))
        .anySatisfy(text -> assertThat(text).startsWith("spec.rules[0].filters[0].cors." + field));
  }
}
