package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.mesh.Workload;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import dev.weft.policy.snapshot.SnapshotDelta;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workloads are told what the routes to their own service say of other origins. */
class CorsRulesTest extends MeshUnderTest {
  @BeforeEach
  void services() {
    instance("o1", "orders", "shop", 8080);
    instance("c1", "cart", "shop", 8080);
  }

  private Snapshot of(String namespace, String service) {
    Snapshot snapshot =
        new SnapshotCompiler()
            .compile(view(1), new Workload(namespace, Map.of("app", service), service, "", null));
    assertThat(SnapshotCodec.read(SnapshotCodec.write(snapshot))).isEqualTo(snapshot);
    return snapshot;
  }

  private static List<String> origins(Snapshot snapshot) {
    return snapshot.inbound.cors.stream()
        .map(
            rule ->
                rule.name + " " + (rule.cors == null ? "-" : rule.cors.allowOrigins.get(0).value))
        .toList();
  }

  private static String virtualService(String name, String metadata, String spec) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: %s%s}
        spec: {%s}
        """
        .formatted(name, metadata, spec);
  }

  @Test
  void rulesGoToTheWorkloadsOfTheServiceAndNotToItsCallers() {
    apply(
        virtualService(
            "v",
            "",
            "hosts: [orders], http: ["
                + "{name: a, match: [{uri: {prefix: /a}}], route: [{destination: {host: orders}}]},"
                + "{name: b, match: [{uri: {prefix: /b}}], route: [{destination: {host: cart}}],"
                + " corsPolicy: {allowOrigins: [{exact: b}]}},"
                + "{name: c, redirect: {uri: /x}, match: [{uri: {prefix: /c}}],"
                + " corsPolicy: {allowOrigins: [{exact: c}]}},"
                + "{name: d, route: [{destination: {host: orders}}]}]"));
    Snapshot orders = of("shop", "orders");
    assertThat(origins(orders)).containsExactly("a -", "b b");
    assertThat(orders.inbound.cors.get(1).matches).hasSize(1);
    assertThat(orders.inbound.cors.get(1).backends).isEmpty();
    for (Snapshot snapshot : List.of(orders, of("shop", "cart"), of("web", ""))) {
      assertThat(
              snapshot.services.stream()
                  .flatMap(service -> service.routes.stream())
                  .filter(route -> route.cors != null))
          .isEmpty();
    }
    assertThat(of("web", "orders").inbound.cors).as("another namespace's orders").isEmpty();
    assertThat(of("shop", "").inbound.cors).as("no service").isEmpty();
  }

  @Test
  void rulesForAnotherHostGoToTheWorkloadsTheySendToForRequestsThatNameIt() {
    apply(
        virtualService(
            "v",
            "",
            "hosts: [shop.example.com], http: ["
                + "{name: a, match: [{uri: {prefix: /cart}}], route: [{destination: {host: cart}}],"
                + " corsPolicy: {allowOrigins: [{exact: a}]}},"
                + "{name: b, route: [{destination: {host: orders}}],"
                + " corsPolicy: {allowOrigins: [{exact: b}]}}]"));
    apply(
        virtualService(
            "own",
            "",
            "hosts: [orders], http: [{name: own, route: [{destination: {host: orders}}],"
                + " corsPolicy: {allowOrigins: [{exact: own}]}}]"));
    Snapshot orders = of("shop", "orders");
    assertThat(origins(orders)).containsExactly("a -", "b b", "own own");
    assertThat(orders.inbound.cors.get(0).matches.get(0).uri.value).isEqualTo("/cart");
    assertThat(orders.inbound.cors.get(1).matches.get(0).authority.value)
        .isEqualTo("(?:shop\\.example\\.com)(?::[0-9]+)?");
    assertThat(orders.inbound.cors.get(2).matches).isEmpty();
    assertThat(origins(of("shop", "cart"))).containsExactly("a a");
  }

  @Test
  void rulesForCertainCallersAreNotForBrowsers() {
    apply(
        virtualService(
            "v",
            "",
            "hosts: [orders], http: ["
                + "{name: a, match: [{sourceLabels: {app: orders}}],"
                + " route: [{destination: {host: orders}}], corsPolicy: {allowOrigin: [a]}},"
                + "{name: b, route: [{destination: {host: orders}}],"
                + " corsPolicy: {allowOrigin: [b]}}]"));
    assertThat(origins(of("shop", "orders"))).containsExactly("b b");
  }

  @Test
  void whatIsHiddenFromTheServiceOrForGatewaysOnlyDoesNotCount() {
    String rule =
        "http: [{route: [{destination: {host: orders}}], corsPolicy: {allowOrigin: [x]}}]";
    apply(
        virtualService(
            "elsewhere", ", namespace: web", "hosts: [orders.shop], exportTo: [.], " + rule));
    apply(virtualService("edge", "", "hosts: [orders], gateways: [edge], " + rule));
    assertThat(of("shop", "orders").inbound.cors).isEmpty();
  }

  @Test
  void aSidecarThatHidesTheServiceFromItselfChangesNothing() {
    apply(
        virtualService(
            "v",
            "",
            "hosts: [orders], http: [{route: [{destination: {host: orders}}],"
                + " corsPolicy: {allowOrigin: [a]}}]"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: s}
        spec: {egress: [{hosts: [./cart.shop.svc.cluster.local]}]}
        """);
    assertThat(of("shop", "orders").inbound.cors).hasSize(1);
  }

  @Test
  void anHttpRouteSaysItForItsParent() {
    apply(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: r}
        spec:
          parentRefs: [{group: "", kind: Service, name: orders}]
          rules:
          - backendRefs: [{name: orders, port: 8080}]
          - matches: [{path: {value: /longer}}]
            filters: [{type: CORS, cors: {allowOrigins: ["https://a"]}}]
            backendRefs: [{name: orders, port: 8080}]
        """);
    List<Route> rules = of("shop", "orders").inbound.cors;
    assertThat(rules).hasSize(1);
    assertThat(rules.get(0).cors.allowOrigins.get(0).value).isEqualTo("https://a");
    assertThat(rules.get(0).matches.get(0).uri.value).isEqualTo("/longer");
    assertThat(service("web", "orders.shop.svc.cluster.local").routes)
        .hasSize(2)
        .allSatisfy(route -> assertThat(route.cors).isNull());
  }

  @Test
  void aChangeGoesOutAsADelta() {
    Snapshot before = of("shop", "orders");
    Snapshot callerBefore = of("shop", "cart");
    apply(
        virtualService(
            "v",
            "",
            "hosts: [orders], http: [{route: [{destination: {host: orders}}],"
                + " corsPolicy: {allowOrigin: [a]}}]"));
    Snapshot after = of("shop", "orders").toBuilder().version(2).build();
    SnapshotDelta delta = SnapshotDelta.between(before.toBuilder().version(1).build(), after);
    assertThat(delta).isNotNull();
    assertThat(delta.applyTo(before.toBuilder().version(1).build())).isEqualTo(after);
    assertThat(of("shop", "cart").inbound).isEqualTo(callerBefore.inbound);
  }
}
