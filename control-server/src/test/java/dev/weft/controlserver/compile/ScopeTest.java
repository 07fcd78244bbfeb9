package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.LoadShedding;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import dev.weft.policy.snapshot.Service;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Sidecar leaves of the mesh to its workloads. */
class ScopeTest extends MeshUnderTest {
  private static final String TAIL = ".svc.cluster.local";

  @BeforeEach
  void mesh() {
    known.add(new KnownService("shop", "orders"));
    known.add(new KnownService("shop", "stock"));
    known.add(new KnownService("pay", "cards"));
    known.add(new KnownService("pay", "audit"));
    known.add(new KnownService("istio-system", "tracing"));
  }

  private void sidecar(String name, String namespace, String spec) {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: %s, namespace: %s}
        spec: %s
        """
            .formatted(name, namespace, spec));
  }

  private List<String> callable(String namespace, Map<String, String> labels) {
    return compile(namespace, labels).services.stream()
        .filter(service -> !service.authorities.isEmpty())
        .map(service -> service.host.replace(TAIL, ""))
        .toList();
  }

  @Test
  void oneOfTheWorkloadComesBeforeOneOfItsNamespaceAndThatBeforeTheMeshs() {
    assertThat(callable("shop", Map.of())).hasSize(5);
    sidecar("mesh", "istio-system", "{egress: [{hosts: [./*, istio-system/*]}]}");
    sidecar(
        "elsewhere",
        "istio-system",
        "{workloadSelector: {labels: {app: web}}, egress: [{hosts: ['*/*']}]}");
    assertThat(callable("shop", Map.of("app", "web")))
        .containsExactly("orders.shop", "stock.shop", "tracing.istio-system");
    assertThat(callable("pay", Map.of()))
        .as("the workload's own namespace, not the Sidecar's")
        .containsExactly("audit.pay", "cards.pay", "tracing.istio-system");
    sidecar("shop", "shop", "{egress: [{hosts: [pay/*]}]}");
    sidecar("younger", "shop", "{egress: [{hosts: [./*]}]}");
    assertThat(callable("shop", Map.of("app", "web"))).containsExactly("audit.pay", "cards.pay");
    sidecar(
        "web",
        "shop",
        "{workloadSelector: {labels: {app: web}}, egress: [{hosts: ['*/cards.pay" + TAIL + "']}]}");
    assertThat(callable("shop", Map.of("app", "web"))).containsExactly("cards.pay");
    assertThat(callable("shop", Map.of("app", "x"))).containsExactly("audit.pay", "cards.pay");
  }

  @Test
  void takesOutWhatIsExcludedAndNothingIsNothing() {
    sidecar("a", "shop", "{egress: [{hosts: ['*/*', ~pay/*]}]}");
    assertThat(callable("shop", Map.of()))
        .containsExactly("orders.shop", "stock.shop", "tracing.istio-system");
    sidecar("b", "pay", "{egress: [{hosts: [~/*]}]}");
    assertThat(callable("pay", Map.of())).isEmpty();
  }

  @Test
  void rulesCountWhenTheyAreInScopeAndBringTheirHostsAndDestinations() {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: legacy, namespace: shop}
        spec:
          hosts: [legacy.example.com, orders]
          http:
          - name: legacy
            route: [{destination: {host: cards.pay.svc.cluster.local}}]
            mirror: {host: audit.pay.svc.cluster.local}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: other, namespace: pay}
        spec:
          hosts: [stock.shop.svc.cluster.local]
          http: [{name: other, route: [{destination: {host: audit.pay.svc.cluster.local}}]}]
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: cards, namespace: pay}
        spec: {host: cards, subsets: [{name: v1}]}
        """);
    sidecar("a", "shop", "{egress: [{hosts: [shop/*]}]}");
    assertThat(callable("shop", Map.of()))
        .containsExactly("legacy.example.com", "orders.shop", "stock.shop");
    List<Service> services = compile("shop", Map.of()).services;
    assertThat(services)
        .extracting(service -> service.host)
        .as("and nothing that nobody sends to")
        .containsExactly(
            "audit.pay" + TAIL,
            "cards.pay" + TAIL,
            "legacy.example.com",
            "orders.shop" + TAIL,
            "stock.shop" + TAIL);
    assertThat(services.get(1).subsets).as("with its rules").hasSize(1);
    assertThat(services.get(3).routes).extracting(route -> route.name).containsExactly("legacy");
    assertThat(services.get(4).routes).as("a rule that is not imported").isEmpty();
  }

  @Test
  void aDatabasePolicyMayNameWhatTheSidecarLeavesOut() {
    instance("pg-1", "pg", "data", 5432);
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: DatabasePolicy
        metadata: {name: orders-db, namespace: shop}
        spec: {match: {services: [pg.data]}, redirect: {service: pg.data}}
        """);
    sidecar("a", "shop", "{egress: [{hosts: [./*]}]}");
    assertThat(compile("shop", Map.of()).databases.get(0).redirect.hosts).hasSize(1);
  }

  @Test
  void refusesOtherHostsWhereItSaysSo() {
    assertThat(compile("shop", Map.of()).outbound).isEqualTo(OutboundTrafficPolicy.ALLOW_ANY);
    assertThat(compile("shop", Map.of()).scope).isEmpty();
    sidecar("mesh", "istio-system", "{outboundTrafficPolicy: {}}");
    assertThat(compile("shop", Map.of()).scope).matches("istio-system/mesh@[0-9]+");
    assertThat(compile("shop", Map.of()).outbound)
        .as("Istio's default of the field")
        .isEqualTo(OutboundTrafficPolicy.REGISTRY_ONLY);
    assertThat(callable("shop", Map.of())).as("without egress all is in scope").hasSize(5);
    sidecar("own", "shop", "{outboundTrafficPolicy: {mode: ALLOW_ANY}}");
    assertThat(compile("shop", Map.of()).outbound).isEqualTo(OutboundTrafficPolicy.ALLOW_ANY);
    sidecar("web", "shop", "{workloadSelector: {labels: {app: web}}, egress: [{hosts: [./*]}]}");
    assertThat(compile("shop", Map.of("app", "web")).outbound)
        .as("one Sidecar holds as a whole")
        .isEqualTo(OutboundTrafficPolicy.ALLOW_ANY);
  }

  private List<Integer> ports(String host) {
    return compile("shop", Map.of()).services.stream()
        .filter(service -> service.host.equals(host))
        .findFirst()
        .map(service -> service.ports)
        .orElse(null);
  }

  @Test
  void letsCallsToThePortsThatItNames() {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: api, namespace: pay}
        spec:
          hosts: [api.example.com]
          resolution: DNS
          ports:
          - {number: 80, name: http, protocol: HTTP}
          - {number: 443, name: tls, protocol: TLS}
        """);
    sidecar(
        "a",
        "shop",
        "{egress: [{port: {number: 8080}, hosts: [./*]}, {port: {number: 443}, hosts: [pay/*]},"
            + " {hosts: [istio-system/*]}]}");
    assertThat(ports("orders.shop" + TAIL)).containsExactly(8080);
    assertThat(ports("cards.pay" + TAIL)).containsExactly(443);
    assertThat(ports("tracing.istio-system" + TAIL)).as("any").isEmpty();
    assertThat(ports("api.example.com")).as("not at its port for HTTP").isNull();
    assertThat(ports("api.example.com|untouched")).containsExactly(443);
  }

  @Test
  void boundsTheRequestsThatItsWorkloadsTake() {
    assertThat(compile("shop", Map.of()).inbound.shedding).isNull();
    sidecar("own", "shop", "{inboundConnectionPool: {http: {http2MaxRequests: 20}}}");
    LoadShedding fixed = compile("shop", Map.of()).inbound.shedding;
    assertThat(fixed.name).isEqualTo("shop/own");
    assertThat(bounds(fixed)).containsExactly(20, 20, 20);
    assertThat(compile("pay", Map.of()).inbound.shedding).isNull();
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: LoadShedding
        metadata: {name: found, namespace: shop}
        spec: {minConcurrency: 5, maxConcurrency: 500, initialConcurrency: 50}
        """);
    LoadShedding found = compile("shop", Map.of()).inbound.shedding;
    assertThat(found.name).isEqualTo("shop/found");
    assertThat(bounds(found)).as("found out, and never above").containsExactly(5, 20, 20);
    sidecar(
        "web",
        "shop",
        "{workloadSelector: {labels: {app: web}},"
            + " inboundConnectionPool: {http: {http2MaxRequests: 2147483647}}}");
    assertThat(bounds(compile("shop", Map.of("app", "web")).inbound.shedding))
        .containsExactly(5, 500, 50);
  }

  @Test
  void boundsTheRequestsOfSinglePorts() {
    sidecar(
        "own",
        "shop",
        "{inboundConnectionPool: {http: {http2MaxRequests: 20}}, ingress: [{port: {number: 80},"
            + " connectionPool: {http: {http2MaxRequests: 3}}}, {port: {number: 81},"
            + " connectionPool: {http: {maxRetries: 1}}}]}");
    InboundPolicy inbound = compile("shop", Map.of()).inbound;
    assertThat(bounds(inbound.shedding)).containsExactly(20, 20, 20);
    assertThat(inbound.portShedding).containsOnlyKeys(80, 81);
    assertThat(inbound.portShedding.get(80).name).isEqualTo("shop/own");
    assertThat(bounds(inbound.portShedding.get(80))).containsExactly(3, 3, 3);
    assertThat(bounds(inbound.portShedding.get(81)))
        .as("not what is said for all")
        .containsExactly(100_000, 100_000, 100_000);
    assertThat(compile("pay", Map.of()).inbound.portShedding).isEmpty();
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: LoadShedding
        metadata: {name: found, namespace: shop}
        spec: {minConcurrency: 5, maxConcurrency: 500, initialConcurrency: 50}
        """);
    inbound = compile("shop", Map.of()).inbound;
    assertThat(bounds(inbound.portShedding.get(80))).containsExactly(3, 3, 3);
    assertThat(inbound.portShedding.get(80).name).isEqualTo("shop/found");
    assertThat(bounds(inbound.portShedding.get(81))).containsExactly(5, 500, 50);
  }

  private static List<Integer> bounds(LoadShedding shedding) {
    return List.of(shedding.minConcurrency, shedding.maxConcurrency, shedding.initialConcurrency);
  }
}
