package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceReader;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** For whom HTTPRoutes hold, in which order, and where they may lead. */
class GatewayRoutesTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  private final Set<KnownService> known = new LinkedHashSet<>();
  private final List<StoredResource> policy = new ArrayList<>();

  GatewayRoutesTest() {
    for (String service : List.of("orders", "orders-v2", "other")) {
      known.add(new KnownService("shop", service));
    }
    known.add(new KnownService("stock", "stock"));
  }

  /** Adds resources, each document one second younger than the one before. */
  private void apply(String yaml) {
    ReadResult read = ResourceReader.read("test.yaml", yaml, "shop");
    assertThat(read.problems()).isEmpty();
    for (Resource resource : read.resources()) {
      policy.add(
          new StoredResource(resource, START.plusSeconds(policy.size()), policy.size() + 1L, null));
    }
  }

  private void route(String name, String namespace, String parent, String rules) {
    apply(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s, namespace: %s}
        spec:
          parentRefs: [{group: "", kind: Service, %s}]
          rules: %s
        """
            .formatted(name, namespace, parent, rules));
  }

  private Service service(String callerNamespace, String host) {
    Snapshot snapshot =
        new SnapshotCompiler()
            .compile(
                new MeshView(
                    1,
                    "e",
                    false,
                    "cluster.local",
                    "istio-system",
                    List.of("PEM"),
                    List.of(),
                    List.of(),
                    known,
                    policy,
                    Map.of(),
                    0),
                new Workload(callerNamespace, Map.of()));
    assertThat(SnapshotCodec.read(SnapshotCodec.write(snapshot))).isEqualTo(snapshot);
    return snapshot.services.stream()
        .filter(service -> service.host.equals(host + ".svc.cluster.local"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + host));
  }

  private List<String> names(String callerNamespace) {
    return service(callerNamespace, "orders.shop").routes.stream().map(r -> r.name).toList();
  }

  private Backend backend(String callerNamespace) {
    Route first = service(callerNamespace, "orders.shop").routes.get(0);
    return first.backends.get(first.backends.size() - 1);
  }

  @Test
  void aConsumersRoutesTakeThePlaceOfTheProducers() {
    route("producer", "shop", "name: orders", "[{backendRefs: [{name: orders-v2, port: 80}]}]");
    route(
        "consumer",
        "web",
        "name: orders, namespace: shop",
        "[{backendRefs: [{name: orders, namespace: shop, port: 80}]}]");
    assertThat(names("shop")).containsExactly("shop.producer.0");
    assertThat(names("billing")).containsExactly("shop.producer.0");
    assertThat(names("web")).containsExactly("web.consumer.0");
    assertThat(backend("shop").host).isEqualTo("orders-v2.shop.svc.cluster.local");
    assertThat(backend("web")).matches(b -> b.refusal == 0);
  }

  @Test
  void matchesOfAllRoutesAreOrderedAsTheGatewayApiSays() {
    String to = "backendRefs: [{name: orders, port: 80}]";
    route(
        "old",
        "shop",
        "name: orders",
        """
        [
          {name: all, %1$s},
          {name: regex, matches: [{path: {type: RegularExpression, value: /very/long/expr.*}}], %1$s},
          {name: short, matches: [{path: {value: /a}}], %1$s},
          {name: header, matches: [{path: {value: /a/b}, headers: [{name: h, value: x}]}], %1$s},
          {name: query, matches: [{path: {value: /a/b}, queryParams: [{name: q, value: x}]}], %1$s},
          {name: method, matches: [{path: {value: /a/b}, method: GET}], %1$s}]
        """
            .formatted(to));
    route(
        "young",
        "shop",
        "name: orders",
        "[{name: exact, matches: [{path: {type: Exact, value: /a}}], %1$s}, {name: young, %1$s}]"
            .formatted(to));
    assertThat(names("shop"))
        .containsExactly("exact", "method", "header", "query", "short", "all", "young", "regex");
  }

  @Test
  void aRouteForAPortLeavesTheOthersAsTheyWere() {
    String rules =
        "[{matches: [{path: {value: /a}}, {}], backendRefs: [{name: orders-v2, port: 80}]}]";
    route("r", "shop", "name: orders, port: 80", rules);
    List<Route> routes = service("shop", "orders.shop").routes;
    assertThat(routes).hasSize(4);
    assertThat(routes.subList(0, 3)).allMatch(r -> r.matches.get(0).port == 80);
    assertThat(routes.get(2).backends.get(0).refusal).isEqualTo(404);
    assertThat(routes.get(3).matches).isEmpty();
    assertThat(routes.get(3).backends.get(0).host).isEqualTo("orders.shop.svc.cluster.local");
    route("all", "shop", "name: orders", "[{backendRefs: [{name: orders, port: 80}]}]");
    assertThat(service("shop", "orders.shop").routes)
        .as("what no rule matches is not found, on any port")
        .hasSize(3);
  }

  @Test
  void anotherNamespaceMustGrantTheReference() {
    route(
        "r",
        "shop",
        "name: orders",
        "[{backendRefs: [{name: orders, port: 80}, {name: stock, namespace: stock, port: 80}]}]");
    assertThat(backend("shop").refusal).isEqualTo(500);
    apply(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: ReferenceGrant
        metadata: {name: g, namespace: stock}
        spec:
          from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]
          to: [{group: "", kind: Service}]
        """);
    assertThat(backend("shop").refusal).isZero();
    assertThat(backend("shop").host).isEqualTo("stock.stock.svc.cluster.local");
  }

  @Test
  void aServiceThatNobodyKnowsIsAnsweredWith500() {
    route("r", "shop", "name: orders", "[{backendRefs: [{name: nobody, port: 80}]}]");
    assertThat(backend("shop").refusal).isEqualTo(500);
    route("p", "shop", "name: front", "[{backendRefs: [{name: orders, port: 80}]}]");
    assertThat(service("shop", "front.shop").authorities)
        .as("a parent can be called though nothing answers there itself")
        .contains("front", "front.shop");
  }

  @Test
  void aServiceEntryCanBeAParent() {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: entry, namespace: shop}
        spec:
          hosts: [api.example.com]
          location: MESH_INTERNAL
          resolution: STATIC
          ports:
          - {number: 8080, name: http, protocol: HTTP}
          - {number: 9090, name: grpc, protocol: GRPC}
          - {number: 9091, name: tcp, protocol: TCP}
          endpoints: [{address: 10.0.0.1}]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: r, namespace: shop}
        spec:
          parentRefs: [{group: networking.istio.io, kind: ServiceEntry, name: entry, sectionName: http}]
          rules: [{name: web, backendRefs: [{name: orders, port: 80}]}]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: second, namespace: shop}
        spec:
          parentRefs: [{group: networking.istio.io, kind: ServiceEntry, name: entry, sectionName: grpc}]
          rules: [{name: calls, backendRefs: [{name: orders, port: 80}]}]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: elsewhere, namespace: shop}
        spec:
          parentRefs: [{group: networking.istio.io, kind: ServiceEntry, name: entry, sectionName: tcp}]
          rules: [{name: other, backendRefs: [{name: orders, port: 80}]}]
        """);
    GatewayRoutes routes =
        GatewayRoutes.of(PolicyIndex.of(policy), catalog(PolicyIndex.of(policy)), "shop");
    GatewayRoutes.Bound bound = routes.find("api.example.com");
    assertThat(bound).isNotNull();
    assertThat(bound.routes())
        .filteredOn(r -> !r.name.isEmpty())
        .extracting(r -> r.name + " " + r.matches.get(0).port)
        .containsExactlyInAnyOrder("web 8080", "calls 9090");
  }

  private ServiceCatalog catalog(PolicyIndex index) {
    MeshView view =
        new MeshView(
            1,
            "e",
            false,
            "cluster.local",
            "istio-system",
            List.of(),
            List.of(),
            List.of(),
            known,
            policy,
            Map.of(),
            0);
    return ServiceCatalog.of(view, index, new InstanceEndpoints(), "shop", null);
  }

  @Test
  void theOldestOfBothKindsHolds() {
    String service =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: vs, namespace: shop}
        spec:
          hosts: [%s]
          http: [{name: vs, route: [{destination: {host: orders}}]}]
        """;
    apply(service.formatted("orders"));
    route("r", "shop", "name: orders", "[{name: new, backendRefs: [{name: orders, port: 80}]}]");
    assertThat(names("shop")).containsExactly("vs");
    policy.remove(0);
    assertThat(names("shop")).containsExactly("new");
  }
}
