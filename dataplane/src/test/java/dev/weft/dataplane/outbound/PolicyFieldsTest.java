package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.RetryBudget;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What single fields of retries and of a destination's policy do to calls. */
class PolicyFieldsTest {
  private final FakeMesh mesh = new FakeMesh();

  private static Route retrying(RetryPolicy.Builder retries) {
    return Route.builder()
        .backends(
            Collections.singletonList(Backend.builder().host(FakeMesh.HOST).weight(1).build()))
        .retries(retries.build())
        .build();
  }

  /** How often a call is sent whose every attempt is answered so. */
  private int sent(int status) throws Exception {
    int[] sent = new int[1];
    mesh.call(
        FakeRequest.get(),
        attempt -> {
          sent[0]++;
          return status;
        });
    return sent[0];
  }

  @Test
  void onlyTheStatusCodesThatAreNamedAreRetried() throws Exception {
    mesh.route(
        3,
        retrying(
            RetryPolicy.builder()
                .attempts(1)
                .retryOn(Collections.<String>emptyList())
                .retriableStatusCodes(Collections.singletonList(429))));
    assertThat(sent(429)).isEqualTo(2);
    assertThat(sent(503)).isEqualTo(1);
  }

  @Test
  void aRetryMayGoToTheSameInstanceWhenItIsNotToBeAvoided() throws Exception {
    int same = 0;
    for (boolean avoid : new boolean[] {true, false}) {
      mesh.route(
          2,
          retrying(
              RetryPolicy.builder()
                  .attempts(1)
                  .retryOn(Collections.singletonList("5xx"))
                  .ignorePreviousHosts(avoid)));
      for (int i = 0; i < 200; i++) {
        mesh.advanceMillis(1_000);
        List<Integer> ports = new ArrayList<>();
        mesh.call(
            FakeRequest.get(),
            attempt -> {
              ports.add(attempt.port());
              return 500;
            });
        if (ports.size() == 2 && new HashSet<>(ports).size() == 1) {
          assertThat(avoid).as("sent twice to %s", ports).isFalse();
          same++;
        }
      }
    }
    assertThat(same).isPositive();
  }

  @Test
  void aBudgetBoundsTheRetriesOfADestination() throws Exception {
    Route route =
        retrying(RetryPolicy.builder().attempts(1).retryOn(Collections.singletonList("5xx")));
    TrafficPolicy.Builder none =
        TrafficPolicy.builder()
            .retryBudget(
                RetryBudget.builder()
                    .percent(0)
                    .minRetryConcurrency(0)
                    .budgetIntervalMillis(10_000)
                    .build());
    mesh.apply(
        2, service -> service.routes(Collections.singletonList(route)).trafficPolicy(none.build()));
    assertThat(sent(503)).as("no budget at all").isEqualTo(1);
    mesh.apply(
        2,
        service ->
            service
                .routes(Collections.singletonList(route))
                .trafficPolicy(
                    none.retryBudget(
                            RetryBudget.builder()
                                .percent(100)
                                .minRetryConcurrency(3)
                                .budgetIntervalMillis(10_000)
                                .build())
                        .build()));
    assertThat(sent(503)).isEqualTo(2);
  }

  @Test
  void noMoreRetriesAreUnderWayThanTheDestinationHas() throws Exception {
    Route route =
        retrying(RetryPolicy.builder().attempts(1).retryOn(Collections.singletonList("5xx")));
    TrafficPolicy one =
        TrafficPolicy.builder()
            .connectionPool(ConnectionPool.builder().maxRetries(1).build())
            .build();
    mesh.apply(2, service -> service.routes(Collections.singletonList(route)).trafficPolicy(one));
    int[] attempts = new int[1];
    int[] during = new int[1];
    mesh.call(
        FakeRequest.get(),
        attempt -> {
          if (++attempts[0] == 2) {
            during[0] = sent(503);
          }
          return 503;
        });
    assertThat(attempts[0]).isEqualTo(2);
    assertThat(during[0]).as("while the one retry is under way").isEqualTo(1);
    assertThat(sent(503)).as("when it has ended").isEqualTo(2);
  }

  @Test
  void theTimeToConnectIsTheDestinationsAndNeverLongerThanTheAttempts() throws Exception {
    mesh.policy(
        1,
        TrafficPolicy.builder()
            .connectionPool(ConnectionPool.builder().connectTimeoutMillis(700).build())
            .build());
    long[] seen = new long[1];
    mesh.call(
        FakeRequest.get(),
        attempt -> {
          seen[0] = attempt.connectTimeoutMillis();
          return 200;
        });
    assertThat(seen[0]).isEqualTo(700);
  }
}
