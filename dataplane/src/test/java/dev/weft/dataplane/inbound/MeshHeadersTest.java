package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MeshHeadersTest {
  @Test
  void theMeshsHeadersAreItsOwnInAnyCase() {
    assertThat(MeshHeaders.isReserved("x-weft-peer")).isTrue();
    assertThat(MeshHeaders.isReserved("X-WEFT-")).isTrue();
    assertThat(MeshHeaders.isReserved("x-weft")).isFalse();
    assertThat(MeshHeaders.isReserved("x-wefty-peer")).isFalse();
    assertThat(MeshHeaders.isReserved("")).isFalse();
  }

  @Test
  void traceAndDeadlineAreCarriedOn() {
    assertThat(MeshHeaders.isCarriedOn("TraceParent")).isTrue();
    assertThat(MeshHeaders.isCarriedOn("X-Envoy-Expected-Rq-Timeout-Ms")).isTrue();
    assertThat(MeshHeaders.isCarriedOn("X-Envoy-Attempt-Count")).isTrue();
    assertThat(MeshHeaders.isCarriedOn("tracestate")).isFalse();
  }
}
