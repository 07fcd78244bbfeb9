package dev.weft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Istio's webhook accepts with a warning, and the analyzers that read single documents. */
final class WarningAnalyzerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "VirtualService | gateways: [a.b.c] | 4:19 | prefer the <namespace>/<name> format: \"b/a\"",
        "VirtualService | http: [{mirrorPercent: 5}] | 4:31 | use \"mirrorPercentage\" instead",
        "VirtualService | http: [{fault: {abort: {}}}] | 4:31 | error type not set",
        "DestinationRule | trafficPolicy: {outlierDetection: {consecutiveErrors: 5}} | 4:62"
            + " | consecutive errors is deprecated",
        "DestinationRule | trafficPolicy: {loadBalancer: {consistentHash: {minimumRingSize: 5}}}"
            + " | 4:73 | MinimumRingSize is deprecated",
        "DestinationRule | trafficPolicy: {loadBalancer: {localityLbSetting: {failoverPriority: [a]}}}"
            + " | 4:58 | must be provided for failover",
        "DestinationRule | workloadSelector: {} | 4:26 | selector specified without labels",
        "ServiceEntry | workloadSelector: {}, resolution: STATIC | 4:26 | service entry: workload",
        "ServiceEntry | workloadSelector: {labels: {a: b}} | 4:26 | resolution mode is NONE",
        "ServiceEntry | hosts: ['*a.b'] | 4:16 | partial wildcard \"*a.b\" not allowed",
        "ServiceEntry | resolution: STATIC, endpoints: [{network: n}] | 4:50 | unset with network \"n\"",
        "ServiceEntry | hosts: [a.b, c.d], resolution: DNS, addresses: [1.1.1.1], ports: [{protocol: tls}]"
            + " | 4:74 | more than one host",
        "WorkloadEntry | network: n | 4:17 | unset with network",
        "Sidecar | workloadSelector: {}, egress: [{hosts: [./*]}] | 4:26 | sidecar: workload selector",
        "Sidecar | egress: [{hosts: [./a.b, shop/a.b]}] | 4:33 | duplicated egress host: shop/a.b",
        "Sidecar | egress: [{hosts: [./a.b, ./*]}] | 4:33 | duplicated egress host: ./*",
        "Sidecar | egress: [{hosts: ['*/*', ./a]}] | 4:25 | no other hosts can be added",
        "AuthorizationPolicy | selector: {} | 4:18 | selector specified without labels",
        "AuthorizationPolicy | action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}] | 4:30"
            + " | will deny all traffic to TCP ports",
        "AuthorizationPolicy | action: DENY, rules: [{from: [{source: {requestPrincipals: [a]}}]}]"
            + " | 4:30 | will deny all traffic to TCP ports",
        "PeerAuthentication | selector: {matchLabels: {}} | 4:18 | selector specified without labels",
        "RequestAuthentication | selector: {} | 4:18 | selector specified without labels",
        "Telemetry | tracing: [{}, {}] | 4:22 | multiple tracing",
        "Telemetry | tracing: [{providers: [{name: a}, {name: b}]}] | 4:42 | multiple providers"
      })
  void warnsAsTheWebhookDoes(String kind, String spec, String place, String message) {
    assertThat(warnings(kind, spec))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("Warning [IST0133] (" + kind + " shop/a a.yaml:" + place + ") ")
                    .contains("Schema validation warning: ")
                    .contains(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "VirtualService | gateways: [a/b, mesh], http: [{fault: {abort: {httpStatus: 500}}}]",
        "DestinationRule | trafficPolicy: {loadBalancer: {localityLbSetting: {failoverPriority: [a]}},"
            + " outlierDetection: {consecutiveErrors: 0}}",
        "ServiceEntry | hosts: ['*.a.b'], workloadSelector: {labels: {a: b}}, resolution: STATIC",
        "Sidecar | egress: [{hosts: [./a.b, x/a.b]}, {hosts: [./a.b]}, {hosts: ['*/*']}]",
        "AuthorizationPolicy | action: DENY, rules: [{to: [{operation: {methods: [GET], ports: ['1']}}]}]",
        "AuthorizationPolicy | action: DENY, rules: [{from: [{source: {principals: [a]}}]}, {}]",
        "AuthorizationPolicy | rules: [{to: [{operation: {methods: [GET]}}]}]"
      })
  void saysNothingElse(String kind, String spec) {
    assertThat(warnings(kind, spec)).isEmpty();
  }

  @Test
  void findsExpressionsThatAreNone() {
    String spec =
        "hosts: [a], http: [{match: [{uri: {regex: '['}, headers: {x: {regex: '*'}}}],"
            + " corsPolicy: {allowOrigins: [{regex: '('}]}}]";
    assertThat(lines("VirtualService", spec, "IST0122"))
        .hasSize(3)
        .anyMatch(
            line ->
                line.startsWith(
                    "Warning [IST0122] (VirtualService shop/a a.yaml:4:50) Field \"uri\" regular"
                        + " expression invalid: \"[\" ("))
        .anyMatch(line -> line.contains("Field \"headers\""))
        .anyMatch(line -> line.contains("Field \"corsPolicy.allowOrigins\""));
  }

  @Test
  void findsRulesAfterOneThatTakesEverything() {
    String to = "route: [{destination: {host: a}}]";
    String spec = "hosts: [a], http: [{" + to + "}, {match: [{port: 1}], " + to + "}]";
    assertThat(lines("VirtualService", spec, "IST0130"))
        .singleElement()
        .asString()
        .contains("rule #1 not used (route without matches defined before)");
  }

  @Test
  void findsModesThatTheOtherSideDoesNotTake() {
    String plain =
        document("DestinationRule", "host: orders, trafficPolicy: {tls: {mode: DISABLE}}");
    String mutual = plain.replace("DISABLE", "ISTIO_MUTUAL");
    String strict = document("PeerAuthentication", "mtls: {mode: STRICT}");
    assertThat(conflicts(plain, strict))
        .singleElement()
        .isEqualTo(
            "Error [IST0113] (DestinationRule shop/a a.yaml:4:50) A DestinationRule and Policy are"
                + " in conflict with regards to mTLS for host orders.shop.svc.cluster.local. The"
                + " DestinationRule \"shop/a\" specifies that mTLS must be false but the Policy"
                + " object \"shop/a\" specifies STRICT.");
    assertThat(conflicts(mutual, strict)).isEmpty();
    assertThat(conflicts(mutual, strict.replace("STRICT", "DISABLE"))).hasSize(1);
    String ofMesh = strict.replace("namespace: shop", "namespace: istio-system");
    assertThat(conflicts(plain, ofMesh)).hasSize(1);
    assertThat(conflicts(plain, ofMesh, strict.replace("STRICT", "PERMISSIVE")))
        .as("the namespace's own before that of the mesh")
        .isEmpty();
    assertThat(
            conflicts(plain, strict.replace("spec: {", "spec: {selector: {matchLabels: {a: b}}, ")))
        .as("what holds for some workloads only")
        .isEmpty();
  }

  private static List<String> conflicts(String... texts) {
    return AnalysisTest.findings(texts).stream().filter(line -> line.contains("IST0113")).toList();
  }

  private static List<String> warnings(String kind, String spec) {
    return lines(kind, spec, "IST0133");
  }

  private static List<String> lines(String kind, String spec, String code) {
    return AnalysisTest.findings(document(kind, spec)).stream()
        .filter(line -> line.contains("[" + code + "]"))
        .toList();
  }

  private static String document(String kind, String spec) {
    String group =
        kind.equals("Telemetry")
            ? "telemetry"
            : kind.matches("Auth.*|Peer.*|Request.*") ? "security" : "networking";
    return "apiVersion: "
        + group
        + ".istio.io/v1\nkind: "
        + kind
        + "\nmetadata: {name: a, namespace: shop}\nspec: {"
        + spec
        + "}\n";
  }
}
