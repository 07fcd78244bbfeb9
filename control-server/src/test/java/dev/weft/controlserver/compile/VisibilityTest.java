package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.Route;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code exportTo} hides, and which of several that are seen counts. */
class VisibilityTest extends MeshUnderTest {
  private static final String ORDERS = "orders.shop.svc.cluster.local";

  private void route(String name, String namespace, String exportTo) {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: %1$s, namespace: %2$s}
        spec:
          hosts: [orders.shop.svc.cluster.local]
          exportTo: %3$s
          http: [{name: %1$s, route: [{destination: {host: orders.shop.svc.cluster.local}}]}]
        """
            .formatted(name, namespace, exportTo));
  }

  private String routeFor(String namespace) {
    return service(namespace, ORDERS).routes.stream()
        .map(route -> route.name)
        .findFirst()
        .orElse("none");
  }

  @Test
  void theNearestVirtualServiceHoldsAndOfTheseTheOldest() {
    route("all", "shop", "[\"*\"]");
    route("younger", "shop", "[]");
    route("to-web", "shop", "[web, pay]");
    route("own", "web", "[\".\"]");
    route("own-younger", "web", "[web]");
    assertThat(routeFor("shop")).isEqualTo("all");
    assertThat(routeFor("pay")).isEqualTo("to-web");
    assertThat(routeFor("web")).isEqualTo("own");
    assertThat(routeFor("elsewhere")).isEqualTo("all");
  }

  @Test
  void aHostThatOnlyAHiddenVirtualServiceNamesIsNotThere() {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: legacy, namespace: shop}
        spec:
          hosts: [legacy.example.com]
          exportTo: ["."]
          http: [{route: [{destination: {host: orders}}]}]
        """);
    assertThat(compile("shop", Map.of()).services)
        .extracting(service -> service.host)
        .containsExactly("legacy.example.com", ORDERS);
    assertThat(compile("web", Map.of()).services).isEmpty();
  }

  @Test
  void aDelegateIsForRulesOfTheNamespacesThatSeeIt() {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: shop}
        spec:
          hosts: [orders]
          http:
          - {match: [{port: 1}], delegate: {name: hidden, namespace: team}}
          - {match: [{port: 2}], delegate: {name: shown, namespace: team}}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: hidden, namespace: team}
        spec: {exportTo: ["."], http: [{name: hidden, route: [{destination: {host: a}}]}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: shown, namespace: team}
        spec: {exportTo: [shop], http: [{name: shown, route: [{destination: {host: a}}]}]}
        """);
    assertThat(service("elsewhere", ORDERS).routes)
        .extracting((Route route) -> route.name)
        .containsExactly("shown");
  }

  private void rule(String namespace, String host, String exportTo, LoadBalancer balancer) {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: r%d, namespace: %s}
        spec:
          host: "%s"
          exportTo: %s
          trafficPolicy: {loadBalancer: {simple: %s}}
        """
            .formatted(policy.size(), namespace, host, exportTo, balancer));
  }

  private LoadBalancer balancer(String namespace) {
    return service(namespace, ORDERS).trafficPolicy.loadBalancer;
  }

  @Test
  void aDestinationRuleThatTheCallerDoesNotSeeIsPassedOver() {
    rule("web", ORDERS, "[pay]", LoadBalancer.RANDOM);
    rule("shop", ORDERS, "[\".\"]", LoadBalancer.RANDOM);
    assertThat(balancer("web")).as("neither").isEqualTo(LoadBalancer.LEAST_REQUEST);
    assertThat(balancer("shop")).isEqualTo(LoadBalancer.RANDOM);
    assertThat(balancer("pay")).as("not by web's rule").isEqualTo(LoadBalancer.LEAST_REQUEST);
    rule("shop", "*.shop.svc.cluster.local", "[web, pay]", LoadBalancer.ROUND_ROBIN);
    assertThat(balancer("web")).as("less specific but seen").isEqualTo(LoadBalancer.ROUND_ROBIN);
    assertThat(balancer("shop")).isEqualTo(LoadBalancer.RANDOM);
  }

  @Test
  void callersOfTheRootNamespaceAskTheServicesNamespaceBeforeWhatIsForAll() {
    rule("istio-system", "*.local", "[\"*\"]", LoadBalancer.RANDOM);
    rule("shop", ORDERS, "[]", LoadBalancer.ROUND_ROBIN);
    assertThat(balancer("istio-system")).isEqualTo(LoadBalancer.ROUND_ROBIN);
    rule("istio-system", "*.local", "[\".\"]", LoadBalancer.LEAST_REQUEST);
    assertThat(balancer("istio-system")).isEqualTo(LoadBalancer.LEAST_REQUEST);
    assertThat(balancer("web")).isEqualTo(LoadBalancer.ROUND_ROBIN);
  }

  private void entry(String name, String namespace, String exportTo, String address) {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: %s, namespace: %s}
        spec:
          hosts: [api.example.com]
          exportTo: %s
          resolution: STATIC
          ports: [{number: 80, name: http, protocol: HTTP}]
          endpoints: [{address: %s}]
        """
            .formatted(name, namespace, exportTo, address));
  }

  private String addressFor(String namespace) {
    return compile(namespace, Map.of()).services.stream()
        .flatMap(service -> service.endpoints.stream())
        .map(endpoint -> endpoint.address)
        .findFirst()
        .orElse("none");
  }

  @Test
  void theNearestServiceEntryHolds() {
    entry("nobody", "web", "[\"~\"]", "192.0.2.9");
    assertThat(addressFor("web")).isEqualTo("none");
    entry("all", "shop", "[\"*\"]", "192.0.2.1");
    entry("to-web", "pay", "[web]", "192.0.2.2");
    assertThat(addressFor("elsewhere")).isEqualTo("192.0.2.1");
    assertThat(addressFor("pay")).as("not exported to its own").isEqualTo("192.0.2.1");
    assertThat(addressFor("web")).isEqualTo("192.0.2.2");
    entry("own", "web", "[]", "192.0.2.3");
    assertThat(addressFor("web")).isEqualTo("192.0.2.3");
    assertThat(addressFor("elsewhere")).isEqualTo("192.0.2.1");
  }
}
