package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.ConsistentHash;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Istio consistentHash in the assembled chain. */
class ConsistentHashTest {
  private static final int ENDPOINTS = 8;

  private final FakeMesh mesh = new FakeMesh();

  private static FakeRequest request(ConsistentHash.Key key, String user) {
    boolean query = key == ConsistentHash.Key.QUERY_PARAMETER;
    FakeRequest request =
        new FakeRequest("GET", "orders", query ? "/cart?page=2&user=" + user : "/cart?user=x");
    if (key == ConsistentHash.Key.HEADER) {
      request.setHeader("User", user);
    } else if (key == ConsistentHash.Key.COOKIE) {
      request.setHeader("Cookie", "theme=dark; user=" + user + "; superuser=no");
    }
    return request;
  }

  private static TrafficPolicy policy(ConsistentHash.Key key, ConsistentHash.Algorithm algorithm) {
    boolean maglev = algorithm == ConsistentHash.Algorithm.MAGLEV;
    return TrafficPolicy.builder()
        .consistentHash(
            ConsistentHash.builder()
                .key(key)
                .name("user")
                .algorithm(algorithm)
                .size(maglev ? 65_537 : 1_024)
                .build())
        .outlierDetection(OutlierDetection.builder().consecutive5xxErrors(1).build())
        .build();
  }

  private int portFor(FakeRequest request) throws Exception {
    int[] port = new int[1];
    mesh.call(
        request,
        attempt -> {
          port[0] = attempt.port();
          return 200;
        });
    return port[0];
  }

  @ParameterizedTest
  @EnumSource(ConsistentHash.Key.class)
  void equalKeysGoToOneEndpointAlsoAfterAnUnrelatedChange(ConsistentHash.Key key) throws Exception {
    for (ConsistentHash.Algorithm algorithm : ConsistentHash.Algorithm.values()) {
      mesh.policy(ENDPOINTS, policy(key, algorithm));
      Set<Integer> ports = new HashSet<>();
      for (int user = 0; user < 100; user++) {
        int port = portFor(request(key, "u" + user));
        ports.add(port);
        for (int again = 0; again < 5; again++) {
          assertThat(portFor(request(key, "u" + user))).isEqualTo(port);
        }
      }
      assertThat(ports).as("users are spread").hasSize(ENDPOINTS);
      int before = portFor(request(key, "u1"));
      mesh.policy(ENDPOINTS, policy(key, algorithm));
      assertThat(portFor(request(key, "u1"))).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource(ConsistentHash.Algorithm.class)
  void anEjectedEndpointIsReplacedByOneOther(ConsistentHash.Algorithm algorithm) throws Exception {
    mesh.policy(ENDPOINTS, policy(ConsistentHash.Key.HEADER, algorithm));
    FakeRequest request = request(ConsistentHash.Key.HEADER, "alice");
    int own = portFor(request);
    mesh.call(request, attempt -> 500);
    Set<Integer> others = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      others.add(portFor(request));
    }
    assertThat(others).hasSize(1).doesNotContain(own);
  }

  @ParameterizedTest
  @EnumSource(ConsistentHash.Key.class)
  void requestsWithoutTheKeyGoToAny(ConsistentHash.Key key) throws Exception {
    mesh.policy(ENDPOINTS, policy(key, ConsistentHash.Algorithm.RING_HASH));
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      FakeRequest request = new FakeRequest("GET", "orders", "/cart?superuser=x&y=user=z");
      request.setHeader("Cookie", "superuser=alice; xuser=bob");
      ports.add(portFor(request));
    }
    assertThat(ports).hasSize(ENDPOINTS);
  }
}
