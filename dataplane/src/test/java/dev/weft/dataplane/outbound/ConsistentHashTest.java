package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.snapshot.OwnInstance;
import dev.weft.policy.snapshot.ConsistentHash;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.SessionCookie;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
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
  @EnumSource(value = ConsistentHash.Key.class, mode = EnumSource.Mode.EXCLUDE, names = "SOURCE")
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
  @EnumSource(value = ConsistentHash.Key.class, mode = EnumSource.Mode.EXCLUDE, names = "SOURCE")
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

  @Test
  void allCallsOfOneProcessGoToOneEndpoint() throws Exception {
    Set<Integer> processes = new HashSet<>();
    for (int process = 0; process < 50; process++) {
      String id = "web-" + process;
      FakeMesh own = new FakeMesh(OwnInstance.of(id, "", Collections.<String, String>emptyMap()));
      own.policy(ENDPOINTS, policy(ConsistentHash.Key.SOURCE, ConsistentHash.Algorithm.MAGLEV));
      Set<Integer> ports = new HashSet<>();
      for (int i = 0; i < 10; i++) {
        own.call(
            FakeRequest.get(),
            attempt -> {
              ports.add(attempt.port());
              return 200;
            });
      }
      assertThat(ports).hasSize(1);
      processes.addAll(ports);
    }
    assertThat(processes).as("processes are spread").hasSizeGreaterThan(ENDPOINTS / 2);
  }

  private static TrafficPolicy givingCookies(SessionCookie cookie) {
    ConsistentHash hash =
        ConsistentHash.builder()
            .key(ConsistentHash.Key.COOKIE)
            .name("user")
            .generated(cookie)
            .build();
    return TrafficPolicy.builder().consistentHash(hash).build();
  }

  private static SessionCookie.Builder minute() {
    return SessionCookie.builder().ttlSeconds(60).path("/cart");
  }

  private static String cookieOf(FakeMesh.FakeCall call) {
    assertThat(call.edits).hasSize(1);
    return call.edits.get(0).response.add.getOrDefault("set-cookie", "");
  }

  @Test
  void whoHasNoCookieIsGivenOneThatLeadsBackToTheSameEndpoint() throws Exception {
    mesh.policy(ENDPOINTS, givingCookies(minute().build()));
    Set<Integer> all = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      int[] port = new int[1];
      FakeMesh.FakeCall call =
          new FakeMesh.FakeCall(
              attempt -> {
                port[0] = attempt.port();
                return 200;
              });
      mesh.side().blocking().execute(mesh.target(), FakeRequest.get(), call);
      String cookie = cookieOf(call);
      assertThat(cookie).matches("user=[0-9a-f]+; Max-Age=60; Path=/cart; HttpOnly");
      FakeRequest back = FakeRequest.get();
      String value = cookie.substring("user=".length(), cookie.indexOf(';'));
      back.setHeader("Cookie", "user=" + (i % 2 == 0 ? value : '"' + value + '"'));
      assertThat(portFor(back)).isEqualTo(port[0]);
      all.add(port[0]);
    }
    assertThat(all).as("callers are spread").hasSize(ENDPOINTS);
  }

  @Test
  void aRetryGivesTheCookieOfTheFirstAttemptAndWhoHasOneGetsNone() throws Exception {
    Map<String, String> attributes = Collections.singletonMap("SameSite", "Strict");
    mesh.policy(ENDPOINTS, givingCookies(SessionCookie.builder().attributes(attributes).build()));
    FakeMesh.FakeCall call = new FakeMesh.FakeCall(attempt -> attempt.number() == 1 ? 503 : 200);
    mesh.side().blocking().execute(mesh.target(), FakeRequest.get(), call);
    assertThat(cookieOf(call)).matches("user=[0-9a-f]+; SameSite=Strict; HttpOnly");
    FakeMesh.FakeCall known = new FakeMesh.FakeCall(attempt -> 200);
    FakeRequest request = request(ConsistentHash.Key.COOKIE, "alice");
    mesh.side().blocking().execute(mesh.target(), request, known);
    assertThat(known.edits).isEmpty();
    FakeMesh.FakeCall refused = new FakeMesh.FakeCall(attempt -> 200);
    mesh.policy(0, givingCookies(minute().build()));
    mesh.side().blocking().execute(mesh.target(), FakeRequest.get(), refused);
    assertThat(refused.edits).as("the mesh's own answer").isEmpty();
  }
}
