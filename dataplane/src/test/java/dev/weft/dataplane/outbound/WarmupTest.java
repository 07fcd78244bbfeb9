package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.dataplane.balance.SlowStart;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.TrafficPolicy;
import dev.weft.policy.snapshot.Warmup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Istio warmup in the assembled chain. */
class WarmupTest {
  private static final int CALLS = 20_000;
  private static final int NEWCOMER = 9004;

  private final FakeMesh mesh = new FakeMesh();

  private static TrafficPolicy policy(LoadBalancer balancer) {
    return TrafficPolicy.builder()
        .loadBalancer(balancer)
        .warmup(Warmup.builder().durationMillis(100_000).minimumPercent(10).build())
        .build();
  }

  /** What the newest of four endpoints gets, in proportion to an equal share. */
  private double part() throws Exception {
    int[] own = new int[1];
    for (int i = 0; i < CALLS; i++) {
      mesh.call(
          FakeRequest.get(),
          attempt -> {
            own[0] += attempt.port() == NEWCOMER ? 1 : 0;
            return 200;
          });
    }
    return own[0] * 3.0 / (CALLS - own[0]);
  }

  @ParameterizedTest
  @EnumSource(
      value = LoadBalancer.class,
      names = {"ROUND_ROBIN", "LEAST_REQUEST"})
  void aNewEndpointRisesToItsShare(LoadBalancer balancer) throws Exception {
    TrafficPolicy policy = policy(balancer);
    mesh.policy(3, policy);
    mesh.advanceMillis(200_000);
    mesh.policy(4, policy);
    assertThat(part()).as("least").isCloseTo(0.1, within(0.02));
    mesh.advanceMillis(50_000);
    mesh.policy(4, policy);
    assertThat(part()).as("half way").isCloseTo(0.5, within(0.04));
    mesh.advanceMillis(50_000);
    assertThat(part()).as("over").isCloseTo(1, within(0.05));
  }

  @Test
  void anAggressiveOneIsHalfWayAfterAQuarterOfTheTime() throws Exception {
    TrafficPolicy policy =
        TrafficPolicy.builder()
            .loadBalancer(LoadBalancer.ROUND_ROBIN)
            .warmup(Warmup.builder().durationMillis(100_000).aggression(2).build())
            .build();
    mesh.policy(3, policy);
    mesh.advanceMillis(200_000);
    mesh.policy(4, policy);
    mesh.advanceMillis(25_000);
    assertThat(part()).isCloseTo(0.5, within(0.04));
  }

  @Test
  void whereAllAreNewNoneIsFavoured() throws Exception {
    mesh.policy(4, policy(LoadBalancer.ROUND_ROBIN));
    assertThat(part()).isCloseTo(1, within(0.01));
  }

  @Test
  void aggressionBendsTheRise() {
    long second = 1_000_000_000L;
    SlowStart straight = SlowStart.of(100 * second, 0.1, 1);
    assertThat(straight.part(0)).isEqualTo(0.1);
    assertThat(straight.part(30 * second)).isCloseTo(0.3, within(1e-9));
    assertThat(straight.part(100 * second)).isEqualTo(1);
    assertThat(SlowStart.of(100 * second, 0.1, 2).part(25 * second)).isCloseTo(0.5, within(1e-9));
    assertThat(SlowStart.of(100 * second, 0.1, 0.5).part(50 * second))
        .isCloseTo(0.25, within(1e-9));
    assertThat(SlowStart.of(second / 2, 0, 1).part(0)).isEqualTo(1);
  }
}
