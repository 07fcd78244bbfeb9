package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.Service;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Routes of connections, and the names that servers must have. */
class ConnectionRoutesTest extends MeshUnderTest {
  private List<Route> routes(String host) {
    return service("shop", host).connectionRoutes;
  }

  @Test
  void rulesForConnectionsComeWithTheirDestinations() {
    instance("i1", "orders", "shop", 8080);
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: shop}
        spec:
          hosts: [orders, db.example.com]
          tls:
          - match: [{sniHosts: [db.example.com], port: 5432}]
            route: [{destination: {host: secure}}]
          tcp:
          - match: [{port: 9000, sourceLabels: {app: web}}]
            route: [{destination: {host: orders}}]
          - match: [{port: 9000}]
            route:
            - {destination: {host: orders, subset: v1}, weight: 1}
            - {destination: {host: other}, weight: 3}
        """);
    String orders = "orders.shop.svc.cluster.local";
    Route shared =
        Route.builder()
            .matches(List.of(RouteMatch.builder().port(9000).build()))
            .backends(
                List.of(
                    Backend.builder().host(orders).subset("v1").weight(1).build(),
                    Backend.builder().host("other.shop.svc.cluster.local").weight(3).build()))
            .build();
    assertThat(routes(orders)).as("no client asks it for db.example.com").containsExactly(shared);
    assertThat(service("shop", orders).routes).isEmpty();
    assertThat(routes("db.example.com")).hasSize(2).last().isEqualTo(shared);
    assertThat(routes("db.example.com").get(0).backends.get(0).host)
        .isEqualTo("secure.shop.svc.cluster.local");
    assertThat(service("shop", "other.shop.svc.cluster.local").authorities)
        .as("reached, not named")
        .isEmpty();
    List<Route> ofWeb =
        compile("shop", Map.of("app", "web")).services.stream()
            .filter(service -> service.host.equals(orders))
            .findFirst()
            .orElseThrow()
            .connectionRoutes;
    assertThat(ofWeb).hasSize(2);
  }

  @Test
  void aSidecarLeavesTheDestinationsOfConnections() {
    instance("i1", "orders", "shop", 8080);
    instance("i2", "other", "shop", 8080);
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: shop}
        spec:
          hosts: [orders]
          tcp: [{route: [{destination: {host: other}}]}]
        ---
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: s, namespace: shop}
        spec: {egress: [{hosts: ["./orders.shop.svc.cluster.local"]}]}
        """);
    assertThat(compile("shop", Map.of()).services)
        .extracting(service -> service.host)
        .containsExactly("orders.shop.svc.cluster.local", "other.shop.svc.cluster.local");
  }

  @Test
  void namesOfServersComeFromTheEntryWhereNoRuleGivesAny() {
    instance("i1", "orders", "shop", 8080);
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: e, namespace: shop}
        spec:
          hosts: [a.example.com]
          location: MESH_INTERNAL
          resolution: STATIC
          ports: [{number: 80, name: http, protocol: HTTP}]
          workloadSelector: {labels: {app: orders}}
          subjectAltNames: [spiffe://cluster.local/ns/shop/sa/orders]
        """);
    List<String> entry = List.of("spiffe://cluster.local/ns/shop/sa/orders");
    assertThat(service("shop", "a.example.com").trafficPolicy.subjectAltNames).isEqualTo(entry);
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: r, namespace: shop}
        spec:
          host: a.example.com
          trafficPolicy:
            loadBalancer: {simple: RANDOM}
            portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]
          subsets:
          - {name: plain}
          - name: named
            trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: [spiffe://other/x]}}
        """);
    Service service = service("shop", "a.example.com");
    assertThat(service.trafficPolicy.subjectAltNames).isEqualTo(entry);
    assertThat(service.trafficPolicy.ports.get(80).subjectAltNames).isEqualTo(entry);
    assertThat(service.subsets.get(0).trafficPolicy.subjectAltNames).isEqualTo(entry);
    assertThat(service.subsets.get(1).trafficPolicy.subjectAltNames)
        .containsExactly("spiffe://other/x");
  }
}
