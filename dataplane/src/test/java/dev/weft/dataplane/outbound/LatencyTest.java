package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.dataplane.resilience.LatencyAverage;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.TrafficPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Balancing by latency in the assembled chain. */
class LatencyTest {
  private static final int CALLS = 3_000;
  private static final int ODD = 9003;

  private final FakeMesh mesh = new FakeMesh();
  private final LatencyAverage average = new LatencyAverage();

  @BeforeEach
  void threeEndpoints() {
    mesh.policy(3, TrafficPolicy.builder().loadBalancer(LoadBalancer.EWMA).build());
  }

  /** Share of calls that the odd one gets when it takes so long and answers so. */
  private double odd(long millis, int status) throws Exception {
    int[] own = new int[1];
    for (int i = 0; i < CALLS; i++) {
      mesh.call(
          FakeRequest.post(),
          attempt -> {
            boolean odd = attempt.port() == ODD;
            own[0] += odd ? 1 : 0;
            // No two answers take equally long.
            mesh.advance((long) ((odd ? millis : 10) * 1e6 * (0.5 + mesh.random.nextDouble())));
            return odd ? status : 200;
          });
    }
    return (double) own[0] / CALLS;
  }

  @Test
  void aSlowEndpointIsSparedUntilItIsQuickAgain() throws Exception {
    assertThat(odd(200, 200)).isLessThan(0.05).isPositive();
    odd(10, 200);
    odd(10, 200);
    assertThat(odd(10, 200)).as("once a minute has passed").isGreaterThan(0.25);
  }

  @Test
  void whoFailsFastIsNotTakenForFast() throws Exception {
    assertThat(odd(1, 500)).isLessThan(0.05);
  }

  /** The status of HTTP is 200 whatever becomes of a call of gRPC. */
  @Test
  void whoFailsFastByTheStatusOfGrpcIsNotTakenForFastEither() throws Exception {
    int[] own = new int[1];
    for (int i = 0; i < CALLS; i++) {
      FakeRequest request = FakeRequest.post();
      request.setHeader("content-type", "application/grpc");
      boolean[] odd = new boolean[1];
      mesh.side()
          .blocking()
          .execute(
              mesh.target(),
              request,
              new FakeMesh.FakeCall(
                  attempt -> {
                    odd[0] = attempt.port() == ODD;
                    own[0] += odd[0] ? 1 : 0;
                    mesh.advance(
                        (long) ((odd[0] ? 1 : 10) * 1e6 * (0.5 + mesh.random.nextDouble())));
                    return 200;
                  }) {
                @Override
                public @Nullable String header(Integer response, String name) {
                  return name.equals("grpc-status") ? (odd[0] ? "14" : "0") : null;
                }
              });
    }
    assertThat((double) own[0] / CALLS).isLessThan(0.05);
  }

  @Test
  void aPeakCountsAtOnceAndFadesAway() {
    long second = 1_000_000_000L;
    assertThat(average.nanos(0)).isZero();
    average.record(1_000, false, 0);
    average.record(9_000, false, 0);
    assertThat(average.nanos(0)).isEqualTo(9_000);
    assertThat(average.nanos(10 * second)).isCloseTo(9_000 / Math.E, within(1.0));
    average.record(1_000, false, 10 * second);
    assertThat(average.nanos(10 * second))
        .isCloseTo(9_000 / Math.E + 1_000 * (1 - 1 / Math.E), within(1.0));
    average.record(1, true, 10 * second);
    assertThat(average.nanos(10 * second)).isEqualTo(second);
  }
}
