package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Policy by port, statuses that are errors, and connections of a limited time, in the chain. */
class PortPolicyTest {
  private final FakeMesh mesh = new FakeMesh();

  /** Port 8080 takes no calls without mTLS. */
  private static TrafficPolicy byPort() {
    TrafficPolicy secured = TrafficPolicy.builder().tls(TlsMode.ISTIO_MUTUAL).build();
    return TrafficPolicy.builder().ports(Collections.singletonMap(8080, secured)).build();
  }

  private int call(String authority) throws Exception {
    return mesh.call(new FakeRequest("GET", authority, "/"), attempt -> 200);
  }

  @Test
  void thePortThatTheCallerNamesCounts() throws Exception {
    mesh.policy(2, byPort());
    assertThat(call("orders")).isEqualTo(200);
    assertThat(call("orders:8081")).isEqualTo(200);
    assertThat(call("orders:8080")).isEqualTo(503);
    assertThat(mesh.last().destination()).hasToString(FakeMesh.HOST + "/:8080");
  }

  @Test
  void theOnlyPortOfTheServiceAndThatOfTheRouteComeFirst() throws Exception {
    mesh.apply(2, service -> service.trafficPolicy(byPort()).ports(Arrays.asList(8080)));
    Target target = mesh.side().blocking().resolve("http", "orders:8080");
    assertThat(target).isNotNull();
    FakeRequest onlyPort = new FakeRequest("GET", "orders", "/");
    FakeMesh.FakeCall call = new FakeMesh.FakeCall(attempt -> 200);
    assertThat(mesh.side().blocking().execute(target, onlyPort, call)).isEqualTo(503);
    Backend toPort = Backend.builder().host(FakeMesh.HOST).port(8080).weight(1).build();
    Route route = Route.builder().backends(Collections.singletonList(toPort)).build();
    mesh.apply(
        2, service -> service.trafficPolicy(byPort()).routes(Collections.singletonList(route)));
    assertThat(call("orders")).isEqualTo(503);
  }

  private static TrafficPolicy erring(Integer... codes) {
    return TrafficPolicy.builder()
        .outlierDetection(
            OutlierDetection.builder()
                .consecutive5xxErrors(1)
                .maxEjectionPercent(50)
                .errorCodes(Arrays.asList(codes))
                .build())
        .build();
  }

  private boolean ejects(int status) throws Exception {
    int[] first = new int[1];
    mesh.call(
        FakeRequest.post(),
        attempt -> {
          first[0] = attempt.port();
          return status;
        });
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      mesh.call(
          FakeRequest.post(),
          attempt -> {
            ports.add(attempt.port());
            return 200;
          });
    }
    return !ports.contains(first[0]);
  }

  @Test
  void onlyTheStatusesNamedAreErrors() throws Exception {
    mesh.policy(2, erring(429));
    assertThat(ejects(500)).isFalse();
    assertThat(ejects(404)).isFalse();
    assertThat(ejects(429)).isTrue();
    FakeMesh other = new FakeMesh();
    other.policy(2, erring());
    assertThat(other.call(FakeRequest.post(), attempt -> 429)).isEqualTo(429);
    assertThat(other.snapshots.registry().service(FakeMesh.HOST).ejected()).isZero();
  }

  private String poolKey() throws Exception {
    String[] key = new String[1];
    mesh.call(
        FakeRequest.get(),
        attempt -> {
          key[0] = attempt.poolKey();
          return 200;
        });
    return key[0];
  }

  @Test
  void connectionsAreNotTakenBeyondTheirTime() throws Exception {
    ConnectionPool pool = ConnectionPool.builder().maxConnectionMillis(60_000).build();
    mesh.policy(1, TrafficPolicy.builder().connectionPool(pool).build());
    Set<String> keys = new LinkedHashSet<>();
    for (int second = 0; second < 180; second++) {
      String key = poolKey();
      assertThat(key).matches("[a-z0-9.-]+").isSameAs(poolKey());
      keys.add(key);
      mesh.advanceMillis(1_000);
    }
    assertThat(keys).as("three minutes, begun within one").hasSizeBetween(3, 4);
    mesh.policy(1, TrafficPolicy.defaults());
    assertThat(keys).doesNotContain(poolKey());
  }

  private void limitRequests(int most) {
    ConnectionPool pool = ConnectionPool.builder().maxRequestsPerConnection(most).build();
    mesh.policy(1, TrafficPolicy.builder().connectionPool(pool).build());
  }

  /** Whether each of so many requests asks for the end of its connection. */
  private List<Boolean> ending(int requests) throws Exception {
    List<Boolean> ending = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      FakeRequest request = FakeRequest.get();
      mesh.call(
          request,
          attempt -> {
            boolean last = attempt.lastOnConnection();
            assertThat(request.header("connection")).isEqualTo(last ? "close" : null);
            ending.add(last);
            return 200;
          });
    }
    return ending;
  }

  @Test
  void oneRequestInSoManyIsTheLastOfItsConnection() throws Exception {
    limitRequests(0);
    assertThat(ending(3)).containsOnly(false);
    String unlimited = poolKey();
    limitRequests(1);
    assertThat(ending(3)).containsOnly(true);
    limitRequests(3);
    assertThat(ending(7)).containsExactly(false, false, true, false, false, true, false);
    assertThat(poolKey())
        .as("apart from connections without a limit")
        .isNotEqualTo(unlimited)
        .matches("[a-z0-9.-]+")
        .isSameAs(poolKey());
    limitRequests(0);
    assertThat(poolKey()).isSameAs(unlimited);
    assertThat(ending(3)).containsOnly(false);
  }

  @Test
  void whatIsUpgradedIsNotEnded() throws Exception {
    limitRequests(1);
    FakeRequest request = FakeRequest.get();
    request.setHeader("Upgrade", "websocket");
    request.setHeader("Connection", "Upgrade");
    mesh.call(request, attempt -> 101);
    assertThat(request.header("Connection")).isEqualTo("Upgrade");
  }
}
