package dev.weft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AnalysisTest {
  static List<String> findings(String... texts) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < texts.length; i++) {
      files.put((char) ('a' + i) + ".yaml", texts[i].getBytes(StandardCharsets.UTF_8));
    }
    return Analysis.of(files).stream().map(Finding::toString).toList();
  }

  private static String service(String name, String spec) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: %s, namespace: shop}
        spec:
        %s
        """
        .formatted(name, spec.indent(2).stripTrailing());
  }

  @Test
  void findsSubsetsThatNoRuleHas() {
    String rule =
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders, namespace: other}
        spec: {host: orders.shop.svc.cluster.local, subsets: [{name: v1, labels: {version: v1}}]}
        """;
    String route = "hosts: [orders]\nhttp:\n- route:\n  - destination: {host: orders, subset: %s}";
    assertThat(findings(service("o", route.formatted("v1")), rule)).isEmpty();
    assertThat(findings(service("o", route.formatted("v2")), rule))
        .containsExactly(
            "Error [IST0101] (VirtualService shop/o a.yaml:8:43) Referenced host+subset in"
                + " destinationrule not found: \"orders+v2\"");
  }

  @Test
  void findsHostsClaimedTwice() {
    String spec = "hosts: [orders]\n%shttp:\n- route:\n  - destination: {host: orders}";
    String open = spec.formatted("");
    assertThat(findings(service("a", open), service("b", open)))
        .hasSize(2)
        .allMatch(line -> line.startsWith("Error [IST0109] (VirtualService shop/"))
        .allMatch(line -> line.contains("*/orders.shop.svc.cluster.local"));
    String gateway = spec.formatted("gateways: [edge]\n");
    assertThat(findings(service("a", open), service("b", gateway)))
        .noneMatch(line -> line.contains("IST0109"));
    String mine = spec.formatted("exportTo: ['.']\n");
    String theirs = spec.formatted("exportTo: [theirs]\n");
    assertThat(findings(service("a", mine), service("b", theirs)))
        .noneMatch(line -> line.contains("IST0109"));
    assertThat(findings(service("a", mine), service("b", open)))
        .filteredOn(line -> line.contains("IST0109"))
        .hasSize(2);
  }

  @Test
  void findsRulesThatNoRequestGetsTo() {
    String spec =
        """
        hosts: [orders]
        http:
        - name: first
          match:
          - uri: {prefix: /a}
          route: [{destination: {host: orders}}]
        - name: second
          match:
          - uri: {prefix: /ab}
            method: {exact: GET}
          - uri: {exact: /ac}
          route: [{destination: {host: orders}}]
        - match:
          - uri: {prefix: /a}
          route: [{destination: {host: orders}}]
        """;
    assertThat(findings(service("o", spec)))
        .containsExactly(
            "Info [IST0131] (VirtualService shop/o a.yaml:13:7) VirtualService rule \"second\""
                + " match #0 is not used (duplicate/overlapping match in rule \"first\").",
            "Warning [IST0130] (VirtualService shop/o a.yaml:17:5) VirtualService rule #2 not used"
                + " (all matches used by prior rules).",
            "Info [IST0131] (VirtualService shop/o a.yaml:18:7) VirtualService rule #2 match #0"
                + " is not used (duplicate/overlapping match in rule \"first\").");
  }

  @Test
  void saysWhatApplyWouldRefuse() {
    assertThat(findings(service("o", "hosts: [orders]\nhttp: [{timout: 1s}]")))
        .anyMatch(
            line ->
                line.startsWith(
                    "Error [IST0106] (VirtualService shop/o a.yaml:6:11) Schema validation error:"
                        + " spec.http[0].timout: is not a field"));
    assertThat(findings("a: b: c")).anyMatch(line -> line.startsWith("Error [IST0106] (a.yaml:1:"));
    assertThat(
            findings("apiVersion: v1\nkind: Service\nmetadata: {name: orders}\nspec: {any: thing}"))
        .as("what is not policy may stand beside it")
        .isEmpty();
  }

  @Test
  void findsTlsWithoutAuthorities() {
    String rule =
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: db}
        spec:
          host: db.example.com
          trafficPolicy:
            tls: {mode: SIMPLE%s}
            portLevelSettings:
            - port: {number: 443}
              tls: {mode: MUTUAL}
        """;
    assertThat(findings(rule.formatted("")))
        .anyMatch(line -> line.startsWith("Warning [IST0128] (DestinationRule default/db a.yaml:7"))
        .anyMatch(
            line ->
                line.contains("[IST0129]")
                    && line.endsWith(
                        "db.example.com at port 443; the authorities that the caller's JVM trusts do"));
    assertThat(findings(rule.formatted(", insecureSkipVerify: true")))
        .anyMatch(line -> line.endsWith("db.example.com; insecureSkipVerify takes any server"));
    assertThat(findings(rule.formatted(", caCertificates: /etc/ca.pem")))
        .noneMatch(line -> line.contains("IST0128"));
  }

  @Test
  void findsSelectorsThatPickNobodyOrTheSame() {
    String pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop, labels: {app: a}}\n---\n";
    String sidecar =
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: %s, namespace: shop}
        spec: {workloadSelector: {labels: {app: %s}}}
        """;
    List<String> both = findings(pod + sidecar.formatted("x", "a"), sidecar.formatted("y", "a"));
    assertThat(both).filteredOn(line -> line.contains("[IST0110]")).hasSize(2);
    assertThat(findings(pod + sidecar.formatted("x", "b")))
        .anyMatch(line -> line.endsWith("Referenced selector not found: \"app=b\""));
    assertThat(findings(sidecar.formatted("x", "b"))).noneMatch(line -> line.contains("IST0101"));
    assertThat(
            findings(
                pod.replace(
                        "labels", "annotations: {ambient.istio.io/redirection: enabled}, labels")
                    + sidecar.formatted("x", "a"),
                sidecar.formatted("y", "a")))
        .filteredOn(line -> line.contains("[IST0167]") || line.contains("[IST0110]"))
        .hasSize(2)
        .allMatch(
            line ->
                line.endsWith("selected workload is in ambient mode, the policy has no impact"));
    String ambient =
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}";
    String open = sidecar.formatted("x", "a").replace("workloadSelector: {labels: {app: a}}", "");
    assertThat(findings(ambient, open))
        .anyMatch(
            line -> line.startsWith("Warning [IST0167] (Sidecar shop/x b.yaml:3:18) namespace is"));
    String all =
        "apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: {name: %s}\nspec: {}";
    assertThat(findings(all.formatted("x"), all.formatted("y")))
        .filteredOn(line -> line.contains("[IST0160]"))
        .hasSize(2);
  }
}
