package dev.weft.instrumentation.reactornettyserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.Probe;
import dev.weft.instrumentation.testing.inbound.RawConnection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hook with a defect refuses where it guards, and is as if absent where it does not. */
final class DefectTest {
  private static final String HOOKS = "dev.weft.instrumentation.reactornettyserver.";

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.3"})
  void theGateStaysShutAndTheServerGoesOn(String version) throws Exception {
    try (InboundRig rig =
        ReactorNettyUnderTest.attachUnasked(ReactorNettyUnderTest.start(version))) {
      rig.mesh().join();
      rig.harness().breakHook(HOOKS + "RequestHook");
      String upload = "POST /app/upload HTTP/1.1\r\nHost: orders\r\nContent-Length: 5\r\n\r\nhello";
      for (RawConnection each : new RawConnection[] {rig.meshed(), rig.plaintext()}) {
        try (each) {
          RawConnection.Answer refused = each.send(upload).read();
          assertThat(refused.status()).isEqualTo(503);
          assertThat(refused.text()).isEmpty();
          assertThat(each.send(Probe.get("/app/echo")).read().status()).isEqualTo(503);
        }
      }
      assertThat(rig.server().reached()).isZero();

      rig.harness().breakHook(HOOKS + "AcceptHook");
      try (RawConnection plaintext = rig.plaintext()) {
        assertThat(plaintext.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
      }
      assertThat(rig.server().reached()).isEqualTo(1);
    }
  }
}
