package dev.weft.dataplane.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.OutlierDetection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointStateTest {
  private static final long SECOND = 1_000_000_000L;
  private final StateRegistry registry = new StateRegistry(() -> 0L);
  private final ServiceState service = registry.service("orders");
  private final EndpointState state = service.endpoint("a");
  private long now = 5 * SECOND;

  private static OutlierSettings settings(boolean split) {
    return OutlierSettings.of(
        OutlierDetection.builder()
            .consecutive5xxErrors(5)
            .consecutiveGatewayErrors(3)
            .consecutiveLocalOriginFailures(2)
            .splitExternalLocalOriginErrors(split)
            .intervalMillis(10_000)
            .baseEjectionMillis(30_000)
            .maxEjectionPercent(50)
            .build());
  }

  private void record(int status, int times, boolean split) {
    for (int i = 0; i < times; i++) {
      state.record(status, false, settings(split), now);
    }
  }

  @Test
  void fiveInARowEject() {
    record(500, 4, false);
    record(200, 1, false);
    record(500, 4, false);
    assertThat(state.ejected()).isFalse();
    record(500, 1, false);
    assertThat(state.ejected()).isTrue();
    assertThat(state.available(now)).isFalse();
  }

  @Test
  void gatewayErrorsHaveARowOfTheirOwn() {
    record(503, 2, false);
    record(500, 1, false);
    record(503, 1, false);
    assertThat(state.ejected()).isFalse();
    state.record(200, false, settings(false), now);
    record(503, 3, false);
    assertThat(state.ejected()).isTrue();
  }

  @Test
  void localOriginFailuresCountAsGatewayErrorsUnlessSplit() {
    record(0, 2, false);
    assertThat(state.ejected()).isFalse();
    record(0, 1, false);
    assertThat(state.ejected()).isTrue();
  }

  @Test
  void splitLocalOriginFailuresHaveTheirOwnRow() {
    record(503, 2, true);
    record(0, 1, true);
    assertThat(state.ejected()).isFalse();
    record(0, 1, true);
    assertThat(state.ejected()).isTrue();
  }

  @Test
  void aFailedProbeEjectsForLonger() {
    List<String> told = new ArrayList<>();
    registry.onEjection(told::add);
    record(500, 5, false);
    now += 30 * SECOND;
    assertThat(state.available(now)).isTrue();
    assertThat(state.tryAcquire(now)).isEqualTo(EndpointState.PROBE);
    assertThat(state.available(now)).isFalse();
    assertThat(state.tryAcquire(now)).isEqualTo(EndpointState.REFUSED);
    state.record(500, true, settings(false), now);
    now += 59 * SECOND;
    assertThat(state.available(now)).isFalse();
    now += SECOND;
    assertThat(state.tryAcquire(now)).isEqualTo(EndpointState.PROBE);
    state.record(200, true, settings(false), now);
    assertThat(state.ejected()).isFalse();
    assertThat(state.tryAcquire(now)).isEqualTo(EndpointState.NO_PROBE);
    assertThat(service.ejected()).isZero();
    assertThat(told).containsExactly("orders", "orders");
  }

  @Test
  void aProbeNotSentIsGivenBack() {
    record(500, 5, false);
    now += 30 * SECOND;
    assertThat(state.tryAcquire(now)).isEqualTo(EndpointState.PROBE);
    state.releaseProbe();
    assertThat(state.tryAcquire(now)).isEqualTo(EndpointState.PROBE);
  }

  @Test
  void theOnlyOneMayBeEjectedButNotTwoOfThreeUnderHalf() {
    EndpointState b = service.endpoint("b");
    service.endpoint("c");
    record(500, 5, false);
    for (int i = 0; i < 50; i++) {
      b.record(500, false, settings(false), now);
    }
    assertThat(state.ejected()).isTrue();
    assertThat(b.ejected()).isFalse();
    assertThat(service.ejected()).isEqualTo(1);
  }

  @Test
  void anEndpointThatLeftHoldsNoPlaceUnderTheCap() {
    record(500, 5, false);
    service.retain(Collections.singleton("other"));
    assertThat(service.ejected()).isZero();
    record(500, 5, false);
    assertThat(service.ejected()).isZero();
  }
}
