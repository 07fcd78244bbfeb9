package dev.weft.instrumentation.tomcat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.Probe;
import dev.weft.instrumentation.testing.inbound.RawConnection;
import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bug where connections are accepted costs the mesh's TLS, and lets nobody past the gate. */
final class BrokenAcceptTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theGateDecidesOnConnectionsThatTheMeshDidNotSee(boolean nio2) throws Exception {
    // Nobody may have connected before: the channels of a hook that worked once stay.
    try (InboundRig rig =
        nio2 ? TomcatUnderTest.attachNio2Unasked("11.0") : TomcatUnderTest.attach("9.0")) {
      rig.mesh().join();
      rig.harness().breakHook("dev.weft.instrumentation.tomcat.AcceptHook");
      assertThat(status(rig)).isEqualTo(200);
      assertThatThrownBy(rig::meshed).isInstanceOf(IOException.class);
      int reached = rig.server().reached();
      rig.mesh().mode(MtlsMode.STRICT);
      assertThat(status(rig)).isEqualTo(403);
      assertThat(rig.server().reached()).isEqualTo(reached);
    }
  }

  private static int status(InboundRig rig) throws IOException {
    try (RawConnection plaintext = rig.plaintext()) {
      return plaintext.send(Probe.get("/app/status/200")).read().status();
    }
  }
}
