package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.dataplane.snapshot.OwnInstance;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConsistentHash;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.LocalityBalancing;
import dev.weft.policy.snapshot.LocalityDistribution;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Istio localityLbSetting in the assembled chain: who is called from {@code eu/a/1}. */
class LocalityTest {
  private static final int CALLS = 20_000;
  private static final List<String> PLACES =
      Arrays.asList("eu/a/1", "eu/a/2", "eu/b/1", "us/a/1", "ap/a/1");

  private final FakeMesh mesh =
      new FakeMesh(OwnInstance.of("me", "eu/a/1", Collections.singletonMap("rack", "r1")));

  private static LocalityBalancing.Builder localities() {
    return LocalityBalancing.builder();
  }

  private static TrafficPolicy.Builder failover(LocalityBalancing localities) {
    return TrafficPolicy.builder()
        .localities(localities)
        .outlierDetection(
            OutlierDetection.builder().consecutive5xxErrors(1).maxEjectionPercent(100).build());
  }

  /** So many endpoints in each place; ports 9001 and on in the order of the places. */
  private void endpoints(int each, TrafficPolicy policy, String... places) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String place : places) {
      for (int i = 0; i < each; i++) {
        int number = endpoints.size() + 1;
        endpoints.add(
            FakeMesh.endpoint(number).toBuilder()
                .locality(place)
                .labels(Collections.singletonMap("rack", "r" + number))
                .build());
      }
    }
    mesh.apply(FakeMesh.orders().endpoints(endpoints).trafficPolicy(policy).build());
  }

  private void everywhere(int each, TrafficPolicy policy) {
    endpoints(each, policy, PLACES.toArray(new String[0]));
  }

  /** Takes endpoints out, whose turn comes in any order. */
  private void eject(IntPredicate ports) throws Exception {
    Set<Integer> out = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      mesh.call(
          FakeRequest.post(),
          attempt -> {
            boolean ejected = ports.test(attempt.port());
            if (ejected) {
              out.add(attempt.port());
            }
            return ejected ? 500 : 200;
          });
    }
    assertThat(out).isNotEmpty();
  }

  /** Share of calls by place. */
  private Map<String, Double> shares() throws Exception {
    Map<String, Double> shares = new HashMap<>();
    for (int i = 0; i < CALLS; i++) {
      FakeRequest request = FakeRequest.post();
      request.setHeader("user", "u" + i);
      mesh.call(
          request,
          attempt -> {
            shares.merge(attempt.endpoint().locality, 1.0 / CALLS, Double::sum);
            return 200;
          });
    }
    return shares;
  }

  @Test
  void whoDoesNotSayWhereItIsIsWhereItsGroupIs() throws Exception {
    TrafficPolicy policy = failover(LocalityBalancing.defaults()).build();
    FakeMesh grouped = new FakeMesh(OwnInstance.of("me", "", Collections.emptyMap()));
    assertThat(called(grouped.locality("eu/a/1"), policy)).containsExactly("eu/a/1");
    assertThat(called(grouped.locality("us/a/1"), policy)).containsExactly("us/a/1");
    assertThat(called(grouped.locality(""), policy)).hasSize(5);
    assertThat(called(mesh.locality("us/a/1"), policy))
        .as("it knows better")
        .containsExactly("eu/a/1");
  }

  private static Set<String> called(FakeMesh mesh, TrafficPolicy policy) throws Exception {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String place : PLACES) {
      endpoints.add(FakeMesh.endpoint(endpoints.size() + 1).toBuilder().locality(place).build());
    }
    mesh.apply(FakeMesh.orders().endpoints(endpoints).trafficPolicy(policy).build());
    Set<String> called = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      mesh.call(
          FakeRequest.post(),
          attempt -> {
            called.add(attempt.endpoint().locality);
            return 200;
          });
    }
    return called;
  }

  @Test
  void withoutOutlierDetectionOrWithoutAPlaceOrSwitchedOffAllAreAlike() throws Exception {
    everywhere(1, TrafficPolicy.defaults());
    assertThat(shares()).hasSize(5);
    everywhere(1, failover(localities().enabled(false).build()).build());
    assertThat(shares()).hasSize(5);
    FakeMesh nowhere = new FakeMesh();
    nowhere.policy(3, failover(LocalityBalancing.defaults()).build());
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      nowhere.call(
          FakeRequest.get(),
          attempt -> {
            ports.add(attempt.port());
            return 200;
          });
    }
    assertThat(ports).hasSize(3);
  }

  @Test
  void theNearestAreCalledAndTheNextNearestStandIn() throws Exception {
    TrafficPolicy policy = failover(LocalityBalancing.defaults()).build();
    for (int nearest = 0; nearest < 4; nearest++) {
      List<String> left = PLACES.subList(nearest, PLACES.size());
      endpoints(2, policy, left.toArray(new String[0]));
      Map<String, Double> shares = shares();
      if (nearest < 3) {
        assertThat(shares).containsOnlyKeys(left.get(0));
      } else {
        assertThat(shares).containsOnlyKeys("us/a/1", "ap/a/1");
      }
    }
    everywhere(2, policy);
    eject(port -> port <= 9002);
    assertThat(shares()).containsOnlyKeys("eu/a/2");
  }

  @Test
  void aTierHandsOnWhatIsBeyondFiveOfSeven() throws Exception {
    endpoints(10, failover(LocalityBalancing.defaults()).build(), "eu/a/1", "us/a/1");
    eject(port -> port <= 9002);
    assertThat(shares()).as("8 of 10 take all").containsOnlyKeys("eu/a/1");
    eject(port -> port <= 9005);
    Map<String, Double> half = shares();
    assertThat(half.get("eu/a/1")).as("5 of 10 take 70 %").isCloseTo(0.7, within(0.01));
    assertThat(half.get("us/a/1")).isCloseTo(0.3, within(0.01));
  }

  @Test
  void whatIsDueForAProbeIsCalledAgain() throws Exception {
    endpoints(1, failover(LocalityBalancing.defaults()).build(), "eu/a/1", "us/a/1");
    eject(port -> port == 9001);
    assertThat(shares()).containsOnlyKeys("us/a/1");
    mesh.advanceMillis(31_000);
    assertThat(shares()).containsOnlyKeys("eu/a/1");
  }

  @Test
  void aRegionStandsInForTheOwn() throws Exception {
    LocalityBalancing toUs = localities().failover(Collections.singletonMap("eu", "us")).build();
    everywhere(1, failover(toUs).build());
    eject(port -> port <= 9003);
    assertThat(shares()).containsOnlyKeys("us/a/1");
    eject(port -> port <= 9004);
    assertThat(shares()).containsOnlyKeys("ap/a/1");
  }

  @Test
  void labelsRank() throws Exception {
    LocalityBalancing byLabels =
        localities()
            .failoverPriority(Arrays.asList("topology.kubernetes.io/region", "rack"))
            .build();
    everywhere(1, failover(byLabels).build());
    assertThat(shares()).as("rack r1").containsOnlyKeys("eu/a/1");
    eject(port -> port == 9001);
    assertThat(shares()).as("region").containsOnlyKeys("eu/a/2", "eu/b/1");
    LocalityBalancing named =
        localities().failoverPriority(Collections.singletonList("rack=r4")).build();
    everywhere(1, failover(named).build());
    assertThat(shares()).containsOnlyKeys("us/a/1");
  }

  @Test
  void sharesAreAsDistributed() throws Exception {
    Map<String, Integer> to = new HashMap<>();
    to.put("eu/a/*", 70);
    to.put("eu/*", 20);
    to.put("us/*", 10);
    LocalityBalancing distribution =
        localities()
            .distribute(
                Arrays.asList(
                    LocalityDistribution.builder()
                        .from("us/*")
                        .to(Collections.singletonMap("us", 100))
                        .build(),
                    LocalityDistribution.builder().from("eu/*").to(to).build()))
            .build();
    TrafficPolicy policy = failover(distribution).build();
    everywhere(1, policy);
    Map<String, Double> shares = shares();
    assertThat(shares.get("eu/a/1") + shares.get("eu/a/2")).isCloseTo(0.7, within(0.01));
    assertThat(shares.get("eu/b/1")).isCloseTo(0.2, within(0.01));
    assertThat(shares.get("us/a/1")).isCloseTo(0.1, within(0.01));
    assertThat(shares).doesNotContainKey("ap/a/1");
    eject(port -> port <= 9002);
    Map<String, Double> without = shares();
    assertThat(without.get("eu/b/1")).isCloseTo(2 / 3.0, within(0.01));
    assertThat(without.get("us/a/1")).isCloseTo(1 / 3.0, within(0.01));
    endpoints(2, policy, "ap/a/1");
    assertThat(mesh.call(FakeRequest.post(), attempt -> 200))
        .as("nobody has a share")
        .isEqualTo(503);
  }

  @Test
  void hashesStayWithTheirTierAndEndpoint() throws Exception {
    Map<String, Integer> to = new HashMap<>();
    to.put("eu/*", 75);
    to.put("us/*", 25);
    TrafficPolicy policy =
        failover(
                localities()
                    .distribute(
                        Collections.singletonList(
                            LocalityDistribution.builder().from("*").to(to).build()))
                    .build())
            .consistentHash(ConsistentHash.builder().name("user").build())
            .build();
    everywhere(2, policy);
    Map<String, Double> shares = shares();
    assertThat(shares.get("us/a/1")).isCloseTo(0.25, within(0.02));
    for (int user = 0; user < 50; user++) {
      Set<Integer> ports = new HashSet<>();
      FakeRequest request = FakeRequest.get();
      request.setHeader("user", "u" + user);
      for (int i = 0; i < 10; i++) {
        mesh.call(
            request,
            attempt -> {
              ports.add(attempt.port());
              return 200;
            });
      }
      assertThat(ports).hasSize(1);
    }
  }

  @Test
  void tooFewHealthyInATierAndTogetherAreAllCalled() throws Exception {
    OutlierDetection half =
        OutlierDetection.builder()
            .consecutive5xxErrors(1)
            .maxEjectionPercent(100)
            .minHealthPercent(50)
            .build();
    TrafficPolicy policy = TrafficPolicy.builder().outlierDetection(half).build();
    endpoints(4, policy, "eu/a/1", "us/a/1");
    eject(port -> port <= 9003);
    Map<String, Double> standIn = shares();
    assertThat(standIn.get("eu/a/1")).as("the other region takes it").isLessThan(0.4);
    eject(port -> port != 9004 && port != 9008);
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      mesh.call(
          FakeRequest.post(),
          attempt -> {
            ports.add(attempt.port());
            return 200;
          });
    }
    assertThat(ports).as("panic").hasSize(8);
  }

  private static Route toOrders(RetryPolicy retries) {
    Backend orders = Backend.builder().host(FakeMesh.HOST).weight(1).build();
    return Route.builder().backends(Collections.singletonList(orders)).retries(retries).build();
  }

  private List<String> retried(boolean remote, int each) throws Exception {
    RetryPolicy retries =
        RetryPolicy.builder()
            .attempts(3)
            .retryOn(Collections.singletonList("5xx"))
            .remoteLocalities(remote)
            .build();
    List<Endpoint> endpoints = new ArrayList<>();
    for (String place : Arrays.asList("eu/a/1", "us/a/1")) {
      for (int i = 0; i < each; i++) {
        endpoints.add(FakeMesh.endpoint(endpoints.size() + 1).toBuilder().locality(place).build());
      }
    }
    OutlierDetection lenient = OutlierDetection.builder().consecutive5xxErrors(1_000).build();
    mesh.apply(
        FakeMesh.orders()
            .endpoints(endpoints)
            .trafficPolicy(TrafficPolicy.builder().outlierDetection(lenient).build())
            .routes(Collections.singletonList(toOrders(retries)))
            .build());
    List<String> places = new ArrayList<>();
    mesh.call(
        FakeRequest.get(),
        attempt -> {
          places.add(attempt.endpoint().locality);
          return 500;
        });
    return places;
  }

  @Test
  void retriesGoToOtherLocalitiesWhenAskedTo() throws Exception {
    assertThat(retried(false, 4)).containsExactly("eu/a/1", "eu/a/1", "eu/a/1", "eu/a/1");
    assertThat(retried(true, 4)).containsExactly("eu/a/1", "eu/a/1", "us/a/1", "us/a/1");
    assertThat(retried(false, 1))
        .as("another endpoint is preferred to the one that failed")
        .containsExactly("eu/a/1", "us/a/1", "eu/a/1", "eu/a/1");
  }
}
