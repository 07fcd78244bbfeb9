package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rules of Istio's CRDs and webhook that are easily judged otherwise, each with a small document:
 * what it takes is taken, or called not in force; what it refuses is refused where it is wrong.
 */
final class IstioRulesTest {
  private static final String LONG =
      "a123456789b123456789c123456789d123456789e123456789f123456789gh";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "match: [{uri: {}, method: {}, scheme: {}, authority: {}}]",
        "match: [{port: 0}]",
        "match: [{queryParams: {'': {exact: a}}}]",
        "match: [{withoutHeaders: {x: {regex: '*'}}}]",
        "match: [{headers: {x.y~z: {}}}]",
        "match: [{sourceLabels: {a: b}}]",
        "route: [{destination: {host: a, subset: ''}}]",
        "retries: {attempts: 0, retryOn: ''}",
        "retries: {attempts: 0, retryRemoteLocalities: null, retryIgnorePreviousHosts: ~}",
        "mirror: {host: b}, mirrorPercent: null",
        "headers: {request: {set: {x: 100%%}}}",
        "fault: {abort: {}}",
        "fault: {delay: {}}",
        "mirrorPercentage: {value: 5}",
        "delegate: {name: b}, route: []"
      })
  void takesRules(String rule) {
    assertThat(virtualService(rule)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "fault: {abort: {httpStatus: 600}} | the status 600",
        "match: [{headers: {':path': {exact: /a}}}] | a match on :path among the headers",
        "match: [{headers: {'@request.auth.claims.a': {exact: b}}}] | a match on JWT claims",
        "headers: {request: {set: {x: '%START_TIME(%s)%'}}} | Envoy's operators",
        "headers: {request: {set: {x: '%A([\"b\", \"c\\)\"])%'}}} | Envoy's operators"
      })
  void callsRulesEarly(String rule, String what) {
    assertThat(virtualService(rule)).contains(what).contains("not in force in Weft yet");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "match: [{headers: {x: {regex: '*'}}}] | headers.x.regex: must be an RE2 expression",
        "match: [{headers: {'@request.auth.claims': {}}}] | must be the name of a header",
        "match: [{headers: {a b: {}}}] | must be the name of a header",
        "match: [{sourceLabels: {-a./b: c}}] | one DNS name and / before",
        "fault: {delay: {exponentialDelay: 1s}} | exponentialDelay",
        "redirect: {scheme: HTTP}, route: [] | must be http or https",
        "headers: {request: {set: {Host: a, ':authority': b}}} | written already",
        "headers: {request: {set: {Host: a}, add: {host: b}}} | written already",
        "headers: {request: {set: {x: 5%}}} | must write a percent sign twice",
        "headers: {request: {set: {x: '%A(b%'}}} | must end each operator with %",
        "headers: {request: {set: {x: '%A([b])%'}}} | must end each operator with %",
        "headers: {request: {set: {x: '%A%%'}}} | must end each operator with %"
      })
  void refusesRules(String rule, String message) {
    assertThat(virtualService(rule)).contains(message);
  }

  private static String virtualService(String rule) {
    String route = rule.contains("route:") ? "" : "route: [{destination: {host: a}}], ";
    String hosts = rule.startsWith("delegate") ? "[a]" : "[a, b.example.]";
    return problems("VirtualService", "{hosts: " + hosts + ", http: [{" + route + rule + "}]}");
  }

  @Test
  void judgesHostsAndRoutesOfGatewaysToo() {
    String http = "http: [{route: [{destination: {host: a}}]}]";
    assertThat(problems("VirtualService", "{gateways: [g], hosts: ['*'], " + http + "}")).isEmpty();
    assertThat(problems("VirtualService", "{gateways: [g], hosts: [1.2.3.4], " + http + "}"))
        .isEmpty();
    assertThat(problems("VirtualService", "{gateways: [g], hosts: [a_b], " + http + "}"))
        .contains("hosts[0]: must be a host name");
    assertThat(problems("VirtualService", "{gateways: [g], hosts: [a.b, '*.b'], " + http + "}"))
        .contains("is covered by a.b already");
    assertThat(problems("VirtualService", "{gateways: [g], hosts: [a]}")).isEmpty();
    assertThat(problems("VirtualService", "{hosts: [a], http: []}")).contains("http: is required");
    assertThat(problems("VirtualService", "{hosts: [a.b, A.b], " + http + "}"))
        .as("names are told apart by case")
        .isEmpty();
  }

  @Test
  void zeroHasNoSign() {
    String fault = "fault: {delay: {fixedDelay: 1s, percentage: {value: %s}}}";
    String text =
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\n"
            + "spec: {hosts: [a], http: [{route: [{destination: {host: a}}], %s}]}\n";
    Object plain = rule(String.format(text, String.format(fault, "0.0")));
    assertThat(rule(String.format(text, String.format(fault, "-0.0")))).isEqualTo(plain);
  }

  private static Object rule(String text) {
    return ResourceReader.read("a.yaml", text, "shop")
        .resources()
        .get(0)
        .spec(VirtualServiceSpec.class)
        .rules
        .get(0)
        .route();
  }

  @Test
  void judgesTrafficPolicies() {
    String more = "outlierDetection: {consecutive5xxErrors: 4294967295}";
    assertThat(trafficPolicy(more)).isEmpty();
    assertThat(trafficPolicy("outlierDetection: {consecutiveGatewayErrors: null}")).isEmpty();
    assertThat(trafficPolicy("outlierDetection: {consecutive5xxErrors: 4294967296}"))
        .contains("must be a whole number");
    assertThat(trafficPolicy("outlierDetection: {interval: null}")).contains("has no value");
    assertThat(trafficPolicy("loadBalancer: {warmup: {duration: 1s, aggression: 0.5}}"))
        .contains("aggression: must be a number from 1");
    assertThat(trafficPolicy("loadBalancer: {warmup: {duration: 1s, minimumPercent: null}}"))
        .isEmpty();
    assertThat(trafficPolicy("loadBalancer: {localityLbSetting: {distribute: [{to: {a: 100}}]}}"))
        .contains("from: is required");
    assertThat(trafficPolicy("loadBalancer: {localityLbSetting: {enabled: null}}")).isEmpty();
    assertThat(trafficPolicy("portLevelSettings: []")).contains("at least one field");
    assertThat(trafficPolicy("tunnel: {}, proxyProtocol: {}")).contains("must not stand beside");
    assertThat(
            problems(
                "DestinationRule",
                "{host: a, subsets: [{name: b, labels: {c: " + LONG + LONG + "}}]}"))
        .isEmpty();
  }

  private static String trafficPolicy(String fields) {
    return problems("DestinationRule", "{host: a, trafficPolicy: {" + fields + "}}");
  }

  @Test
  void judgesEntries() {
    String port = "ports: [{number: 80, name: http, protocol: HTTP}]";
    assertThat(problems("ServiceEntry", "{hosts: [a.b], " + port + ", endpoints: []}")).isEmpty();
    assertThat(problems("WorkloadEntry", "{address: 1.2.3.4, ports: {" + LONG + ": 1}}")).isEmpty();
    assertThat(problems("WorkloadEntry", "{address: 1.2.3.4, ports: {" + LONG + "i: 1}}"))
        .contains("at most 62");
    assertThat(problems("WorkloadEntry", "{address: 1.2.3.4, weight: 4294967295}")).isEmpty();
    assertThat(problems("WorkloadEntry", "{address: 'unix:///a/'}")).contains("absolute path");
    assertThat(problems("WorkloadEntry", "{address: ''}")).contains("address: is required");
    assertThat(problems("WorkloadEntry", "{address: a" + LONG + LONG + LONG + LONG + LONG + "}"))
        .contains("at most 256 characters");
    assertThat(problems("Sidecar", "{egress: [{hosts: ['./*a.b']}]}")).contains("must end with *");
    assertThat(problems("Sidecar", "{egress: [{hosts: ['./*.a.b']}]}")).isEmpty();
    assertThat(
            problems(
                "Sidecar",
                "{workloadSelector: {labels: {a: " + LONG + "ij}}, egress: [{hosts: [./*]}]}"))
        .contains("at most 63 characters");
  }

  @Test
  void judgesTokens() {
    assertThat(jwtRule("issuer: ''")).contains("issuer: is required");
    assertThat(jwtRule("issuer: '', jwksUri: 'https://a/b', jwks: ''")).isEmpty();
    assertThat(jwtRule("issuer: a, jwksUri: 'ftp://a/b'")).contains("must be a URL");
    assertThat(jwtRule("issuer: a, outputClaimToHeaders: [{claim: b, header: x_y}]"))
        .contains("must be letters, digits and -");
  }

  private static String jwtRule(String fields) {
    return problems("RequestAuthentication", "{jwtRules: [{" + fields + "}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "to: [{operation: {paths: ['/a/{*}/b', '/{**}', '*/b', /a*]}}] | ",
        "to: [{operation: {paths: ['/a/{**}/{*}']}}] | {**} as its last operator",
        "to: [{operation: {paths: ['/a{b}']}}] | no other braces",
        "to: [{operation: {notPaths: ['/{*}/b*']}}] | plain segments",
        "from: [{source: {serviceAccounts: [Ns/Sa_1]}}] | ",
        "from: [{source: {serviceAccounts: ['ns/*']}}] | without *",
        "from: [{source: {serviceAccounts: [/a]}}] | namespace/name",
        "when: [{key: source.serviceAccount, values: [a/b/c]}] | namespace/name",
        "when: [{key: 'request.experimental.inline.headers[a]', values: [b]}] | not in force"
      })
  void judgesRules(String rule, String message) {
    String problems = problems("AuthorizationPolicy", "{rules: [{" + rule + "}]}");
    if (message == null) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems).contains(message);
    }
  }

  @Test
  void judgesTelemetry() {
    assertThat(problems("Telemetry", "{tracing: [{randomSamplingPercentage: null}]}")).isEmpty();
    assertThat(problems("Telemetry", "{tracing: [{customTags: {a: {}}}]}")).isEmpty();
    assertThat(problems("Telemetry", "{accessLogging: [{disabled: null}]}")).isEmpty();
    assertThat(problems("Telemetry", "{accessLogging: [{filter: {}}]}")).contains("is required");
    assertThat(override("a: {}")).contains("value: is required with the operation UPSERT");
    assertThat(override("a: {value: '('}")).contains("not in force");
    assertThat(override("a: {operation: REMOVE}")).isEmpty();
  }

  private static String override(String tags) {
    return problems("Telemetry", "{metrics: [{overrides: [{tagOverrides: {" + tags + "}}]}]}");
  }

  @Test
  void judgesAnnotations() {
    for (String word : new String[] {"TRUE", "False", "1", "f"}) {
      assertThat(annotated("istio.io/dry-run", word)).as(word).isEmpty();
    }
    assertThat(annotated("istio.io/dry-run", "yes")).contains("must be true or false");
    assertThat(annotated("internal.istio.io/webhook-always-reject", "a")).contains("Istio's own");
  }

  private static String annotated(String name, String value) {
    return read(
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
            + ("metadata: {name: a, annotations: {" + name + ": '" + value + "'}}\n")
            + "spec: {}\n");
  }

  @Test
  void takesBackendsThatLeadNowhere() {
    assertThat(backend("name: a.b, port: 80")).contains("not in force");
    assertThat(backend("name: a")).contains("port: is required");
    assertThat(backend("name: a.b, group: networking.istio.io, kind: Hostname"))
        .contains("not in force");
  }

  private static String backend(String fields) {
    return problems("HTTPRoute", "{rules: [{backendRefs: [{" + fields + "}]}]}");
  }

  private static String problems(String kind, String spec) {
    String group =
        ResourceKind.all().stream()
            .filter(each -> each.kind().equals(kind))
            .map(each -> each.group() + "/" + each.versions().get(0))
            .findFirst()
            .get();
    return read(
        "apiVersion: " + group + "\nkind: " + kind + "\nmetadata: {name: a}\nspec: " + spec + "\n");
  }

  private static String read(String text) {
    return ResourceReader.read("a.yaml", text, "shop").problems().stream()
        .map(Problem::toString)
        .collect(Collectors.joining("\n"));
  }
}
