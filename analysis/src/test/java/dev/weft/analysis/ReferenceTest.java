package dev.weft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Resources that refer to services, workloads, namespaces, gateways and each other. */
final class ReferenceTest {
  private static final String SERVICE =
      """
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: orders, namespace: shop}
      spec: {ports: [{port: 80, name: http}, {port: 81, name: admin}], selector: {app: orders}}
      """;

  private static final String POD =
      """
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: orders-1, namespace: shop, labels: {app: orders, version: v1}}
      """;

  private static String virtualService(String spec) {
    return "---\napiVersion: networking.istio.io/v1\nkind: VirtualService\n"
        + "metadata: {name: vs, namespace: shop}\nspec: "
        + spec
        + "\n";
  }

  private static String destinationRule(String spec) {
    return "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\n"
        + "metadata: {name: dr, namespace: shop}\nspec: "
        + spec
        + "\n";
  }

  private static String authorization(String namespace, String spec) {
    return "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ap,"
        + " namespace: "
        + namespace
        + "}\nspec: "
        + spec
        + "\n";
  }

  private static String telemetry(String spec) {
    return "---\napiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: {name: t}\nspec: "
        + spec
        + "\n";
  }

  private static List<String> codes(String text, Collection<Document> mesh) {
    Map<String, byte[]> texts = Map.of("x.yaml", text.getBytes(StandardCharsets.UTF_8));
    List<String> codes = new ArrayList<>();
    for (Finding each : Analysis.of(texts, mesh, Defaults.OFFLINE)) {
      if (!each.code().isEmpty() && !each.code().equals("IST0106")) {
        codes.add(each.code() + " " + each.mark() + " " + each.message());
      }
    }
    return codes;
  }

  private static List<String> codes(String text) {
    return codes(text, List.of());
  }

  @Test
  void looksForHostsAndPortsWhereServicesAreKnown() {
    String to = "{hosts: [a], http: [{route: [{destination: {host: %s}}]}]}";
    assertThat(codes(virtualService(to.formatted("gone"))))
        .as("services stand elsewhere")
        .isEmpty();
    assertThat(codes(virtualService(to.formatted("gone")) + SERVICE))
        .containsExactly("IST0101 5:57 Referenced host not found: \"gone\"");
    assertThat(codes(virtualService(to.formatted("orders")) + SERVICE))
        .singleElement()
        .asString()
        .startsWith("IST0112 5:57 This VirtualService routes to a service \"orders\"")
        .contains("[80, 81]");
    assertThat(codes(virtualService(to.formatted("orders, port: {number: 81}")) + SERVICE))
        .isEmpty();
    assertThat(codes(virtualService(to.formatted("orders, port: {number: 82}")) + SERVICE))
        .containsExactly("IST0101 5:71 Referenced host:port not found: \"orders:82\"");
    String entry =
        """
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: e, namespace: other}
        spec: {hosts: ['*.example.com'], exportTo: [%s], ports: [{number: 443, protocol: TLS}]}
        """;
    String external = virtualService(to.formatted("a.example.com")) + SERVICE;
    assertThat(codes(external + entry.formatted("'*'"))).isEmpty();
    assertThat(codes(external + entry.formatted("."))).hasSize(1);
    assertThat(codes(external + entry.formatted("shop"))).isEmpty();
    String mirror =
        "{hosts: [a], http: [{route: [{destination: {host: orders, port: {number: 80}}}]";
    assertThat(codes(virtualService(mirror + ", mirror: {host: gone}}]}") + SERVICE))
        .singleElement()
        .asString()
        .contains("Referenced mirror host not found");
  }

  @Test
  void looksForWorkloadsOfSubsets() {
    String rule = destinationRule("{host: orders, subsets: [{name: v, labels: {version: %s}}]}");
    assertThat(codes(rule.formatted("v1") + SERVICE + POD)).isEmpty();
    assertThat(codes(rule.formatted("v2") + SERVICE + POD))
        .singleElement()
        .asString()
        .startsWith("IST0173 5:32 The Subset v defined in the DestinationRule");
    assertThat(codes(rule.formatted("v2") + POD)).isEmpty();
    assertThat(codes(destinationRule("{host: gone}") + SERVICE))
        .singleElement()
        .asString()
        .startsWith("IST0174 5:14 The host gone");
    assertThat(codes(destinationRule("{host: '*.shop.svc.cluster.local'}") + SERVICE)).isEmpty();
  }

  @Test
  void looksForCallersThatDestinationRulesSelect() {
    String rule = destinationRule("{host: a, workloadSelector: {matchLabels: {%s}}}");
    assertThat(codes(rule.formatted("app: web"))).as("who runs stands elsewhere").isEmpty();
    assertThat(codes(rule.formatted("app: orders, version: v1") + POD)).isEmpty();
    assertThat(codes(rule.formatted("app: web, tier: front") + POD))
        .containsExactly("IST0101 5:49 Referenced selector not found: \"app=web,tier=front\"");
    assertThat(codes(rule.formatted("app: orders") + POD.replace("shop", "web")))
        .as("callers of its own namespace only")
        .hasSize(1);
  }

  @Test
  void saysWhereOneOfSeveralSelectionsHolds() {
    String rule = destinationRule("{host: a, workloadSelector: {matchLabels: {%s}}}");
    String app = rule.formatted("app: orders");
    String version = rule.formatted("version: v1").replace("name: dr", "name: version");
    assertThat(messages(app + version + POD))
        .containsExactly(
            "Warning (DestinationRule shop/dr x.yaml:5:49) selects callers that version selects by"
                + " other labels for the same host; for these the oldest rule holds alone",
            "Warning (DestinationRule shop/version x.yaml:10:49) selects callers that dr selects by"
                + " other labels for the same host; for these the oldest rule holds alone");
    assertThat(messages(app + version + POD.replace("version: v1", "version: v2")))
        .singleElement()
        .asString()
        .contains("Referenced selector not found");
    assertThat(messages(app + app.replace("name: dr", "name: same") + POD)).isEmpty();
    assertThat(messages(app + version.replace("host: a", "host: b") + POD)).isEmpty();
  }

  private static List<String> messages(String text) {
    Map<String, byte[]> texts = Map.of("x.yaml", text.getBytes(StandardCharsets.UTF_8));
    return Analysis.of(texts, List.of(), Defaults.OFFLINE).stream().map(Finding::toString).toList();
  }

  @Test
  void looksForWorkloadsAndNamespacesOfAuthorization() {
    String selected = "{selector: {matchLabels: {app: %s}}, rules: [{}]}";
    assertThat(codes(authorization("shop", selected.formatted("web")))).isEmpty();
    assertThat(codes(authorization("shop", selected.formatted("orders")) + POD)).isEmpty();
    assertThat(codes(authorization("shop", selected.formatted("web")) + POD))
        .containsExactly(
            "IST0127 5:18 No matching workloads for this resource with the following labels:"
                + " app=web");
    assertThat(codes(authorization("istio-system", selected.formatted("orders")) + POD)).isEmpty();
    assertThat(codes(authorization("other", "{rules: [{}]}") + POD)).hasSize(1);
    String namespaces =
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {%s}}\n";
    String from = "{rules: [{from: [{source: {namespaces: [shop, sh*, gone]}}]}]}";
    assertThat(codes(authorization("shop", from) + POD + namespaces.formatted("a: b")))
        .containsExactly("IST0101 5:58 Referenced namespace not found: \"gone\"");
    String injected = namespaces.formatted("istio-injection: disabled");
    assertThat(codes(authorization("shop", selected.formatted("orders")) + POD + injected))
        .as("said to be out of the mesh")
        .hasSize(1);
  }

  @Test
  void looksForGatewaysWhereThereAreSome() {
    String service = virtualService("{hosts: [a.com], gateways: [%s]}");
    assertThat(codes(service.formatted("edge"))).isEmpty();
    String gateway =
        """
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: shop}
        spec: {servers: [{hosts: ['%s'], port: {number: 80}}]}
        """;
    assertThat(codes(service.formatted("edge") + gateway.formatted("*.com"))).isEmpty();
    assertThat(codes(service.formatted("edge") + gateway.formatted("other/*")))
        .singleElement()
        .asString()
        .startsWith("IST0132 5:35 one or more host [a.com] defined in VirtualService shop/vs");
    assertThat(codes(service.formatted("mesh, gone") + gateway.formatted("*")))
        .extracting(line -> line.substring(0, 7))
        .containsExactly("IST0101", "IST0132");
  }

  @Test
  void findsSubsetsThatGatewaysDoNotSee() {
    String inner =
        virtualService("{hosts: [a], http: [{route: [{destination: {host: a, subset: v1}}]}]}");
    String edge =
        virtualService(
                "{hosts: [a.com], gateways: [edge], http: [{route: [{destination: {host: a}}]}]}")
            .replace("name: vs", "name: edge");
    assertThat(codes(inner + edge + destinationRule("{host: a, subsets: [{name: v1}]}")))
        .containsExactly(
            "IST0140 10:72 Subset in virtual service shop/vs has no effect on ingress gateway"
                + " shop/edge requests");
  }

  @Test
  void findsProvidersAndFieldsThatAreGivenUp() {
    assertThat(codes(telemetry("{accessLogging: [{providers: [{name: envoy}]}, {filter: {}}]}")))
        .singleElement()
        .asString()
        .startsWith("IST0157 5:54 The Telemetry t in namespace \"default\"");
    assertThat(
            codes(
                telemetry("{accessLogging: [{}]}")
                    + "---\ndefaultProviders: {accessLogging: [envoy]}\n"))
        .isEmpty();
    String tracing = telemetry("{tracing: [{providers: [{name: ls}]}]}");
    String settings = "---\nextensionProviders: [{name: ls, lightstep: {port: 1}}]\n";
    assertThat(codes(tracing + settings)).singleElement().asString().startsWith("IST0002 5:38");
    String fault =
        "{hosts: [a], http: [{fault: {delay: {percent: 5, fixedDelay: 1s}}, route: [{destination:"
            + " {host: a}}]}]}";
    assertThat(codes(virtualService(fault))).singleElement().asString().contains("percentage");
  }

  @Test
  void findsWhatIstiosOwnServerLeavesOpen() {
    String authentication =
        "---\napiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: {name: jwt}\n";
    String istiod =
        """
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: istiod, namespace: istio-system, labels: {app: istiod}}
        spec: {template: {spec: {containers: [{name: discovery, env: [%s]}]}}}
        """;
    assertThat(codes(istiod.formatted(""))).isEmpty();
    assertThat(codes(authentication + istiod.formatted("")))
        .singleElement()
        .asString()
        .startsWith("IST0175");
    String set = "{name: BLOCKED_CIDRS_IN_JWKS_URIS, value: 10.0.0.0/8}";
    assertThat(codes(authentication + istiod.formatted(set))).isEmpty();
  }

  @Test
  void findsProtocolsInEachOthersWay() {
    String entry =
        """
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: %s}
        spec: {hosts: [a.com], exportTo: [%s], ports: [{number: 443, protocol: %s}]}
        """;
    String one = entry.formatted("one", "'*'", "HTTPS");
    assertThat(codes(one + entry.formatted("two", "'*'", "https"))).isEmpty();
    assertThat(codes(one + entry.formatted("two", "shop", "TLS")))
        .hasSize(2)
        .allMatch(line -> line.contains("conflicting protocols (HTTPS, TLS)"));
    assertThat(codes(entry.formatted("x", "a", "TLS") + entry.formatted("y", "b", "HTTP")))
        .isEmpty();
  }

  @Test
  void readsWhatIsInTheMeshAsIfFilesWereInForce() {
    List<Document> mesh = new ArrayList<>();
    for (String kind : List.of("Service", "Pod")) {
      Map<String, Object> metadata =
          Map.of("name", "orders", "namespace", "shop", "labels", Map.of("version", "v1"));
      mesh.add(
          Document.ofTree(
              Map.of("apiVersion", "v1", "kind", kind, "metadata", metadata), Defaults.OFFLINE));
    }
    mesh.add(
        Document.ofTree(
            Map.of(
                "apiVersion",
                "networking.istio.io/v1",
                "kind",
                "DestinationRule",
                "metadata",
                Map.of("name", "dr", "namespace", "shop"),
                "spec",
                Map.of("host", "gone")),
            Defaults.OFFLINE));
    assertThat(Analysis.of(Map.of(), mesh, Defaults.OFFLINE))
        .singleElement()
        .hasToString(
            "Warning [IST0174] (DestinationRule shop/dr) The host gone defined in the"
                + " DestinationRule does not match any services in the mesh.");
    assertThat(codes(destinationRule("{host: orders.shop}"), mesh)).isEmpty();
  }

  @Test
  void anAuthorizerMustBeAProviderOfTheMesh() {
    String custom = "{action: CUSTOM, provider: {name: authz}, rules: [{}]}";
    String policy = authorization("shop", custom);
    assertThat(codes(policy)).as("nothing is known of the mesh").isEmpty();
    String mesh =
        "---\napiVersion: weft.dev/v1alpha1\nkind: MeshConfig\nmetadata: {name: m, namespace:"
            + " istio-system}\nspec:\n  extensionProviders:\n  - {name: %s, %s}\n";
    assertThat(codes(policy + mesh.formatted("authz", "envoyExtAuthzHttp: {service: a, port: 80}")))
        .isEmpty();
    assertThat(codes(policy + mesh.formatted("authz", "prometheus: {}")))
        .singleElement()
        .asString()
        .contains("IST0101", "Referenced extension provider not found: \"authz\"");
    assertThat(codes(policy + "---\nextensionProviders: []\n")).hasSize(1);
  }
}
