package dev.weft.benchmarks;

import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.StringMatch;
import dev.weft.policy.snapshot.Subset;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Snapshots to measure under. */
final class Meshes {
  static final String HOST = "orders.shop.svc.cluster.local";

  private Meshes() {}

  /**
   * Everything on: 100 services; "orders" with 20 rules of which the last matches, 10 endpoints in
   * two subsets split 90 to 10, mTLS, outlier detection, a bulkhead, retries, timeouts, header
   * edits.
   */
  static Snapshot everything() {
    List<Service> services = new ArrayList<>();
    for (int i = 0; i < 99; i++) {
      String name = "service-" + i;
      services.add(service(name, List.of()).build());
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      endpoints.add(endpoint(i));
    }
    List<Route> rules = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      rules.add(rule(i));
    }
    rules.add(split("last", RouteMatch.builder().uri(StringMatch.prefix("/api/")).build()));
    services.add(
        service("orders", endpoints)
            .trafficPolicy(policy())
            .subsets(List.of(subset("v1"), subset("v2")))
            .routes(rules)
            .build());
    return Snapshot.builder().version(1).epoch("bench").services(services).build();
  }

  private static Service.Builder service(String name, List<Endpoint> endpoints) {
    String host = name + ".shop.svc.cluster.local";
    return Service.builder()
        .host(host)
        .name(name)
        .namespace("shop")
        .authorities(List.of(name, name + ".shop", name + ".shop.svc", host))
        .trafficPolicy(TrafficPolicy.defaults())
        .endpoints(endpoints);
  }

  private static Endpoint endpoint(int number) {
    return Endpoint.builder()
        .id("orders-" + number)
        .address("10.0.0." + number)
        .port(8080)
        .weight(1)
        .labels(Map.of("version", number < 9 ? "v1" : "v2"))
        .mtls(true)
        .spiffeId("spiffe://cluster.local/ns/shop/sa/orders")
        .build();
  }

  private static TrafficPolicy policy() {
    return TrafficPolicy.builder()
        .connectionPool(
            ConnectionPool.builder().http2MaxRequests(10_000).connectTimeoutMillis(500).build())
        .outlierDetection(
            OutlierDetection.builder()
                .consecutive5xxErrors(5)
                .consecutiveGatewayErrors(5)
                .intervalMillis(10_000)
                .baseEjectionMillis(30_000)
                .maxEjectionPercent(50)
                .build())
        .build();
  }

  private static Subset subset(String version) {
    return Subset.builder()
        .name(version)
        .labels(Map.of("version", version))
        .trafficPolicy(policy())
        .build();
  }

  /** Rules of all sorts that do not match what the benchmark asks for. */
  private static Route rule(int number) {
    RouteMatch.Builder match = RouteMatch.builder();
    switch (number % 4) {
      case 0 -> match.uri(StringMatch.exact("/exact/" + number));
      case 1 -> match.uri(StringMatch.prefix("/prefix/" + number + "/"));
      case 2 ->
          match
              .uri(StringMatch.prefix("/api/"))
              .headers(Map.of("x-user", StringMatch.exact("u" + number)));
      default -> match.uri(StringMatch.prefix("/api/")).method(StringMatch.exact("POST"));
    }
    return split("rule-" + number, match.build());
  }

  private static Route split(String name, RouteMatch match) {
    return Route.builder()
        .name(name)
        .matches(List.of(match))
        .backends(
            List.of(
                Backend.builder().host(HOST).subset("v1").weight(90).build(),
                Backend.builder().host(HOST).subset("v2").weight(10).build()))
        .headers(
            HeaderEdits.builder()
                .request(
                    HeaderEdits.Edits.of(Map.of("x-route", name), Map.of(), List.of("x-internal")))
                .build())
        .timeoutMillis(2_000)
        .retries(
            RetryPolicy.builder()
                .attempts(2)
                .perTryTimeoutMillis(500)
                .retryOn(List.of("5xx", "connect-failure"))
                .build())
        .build();
  }
}
