package dev.weft.instrumentation.tomcat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.Probe;
import dev.weft.instrumentation.testing.inbound.RawConnection;
import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A Tomcat whose NIO2 has another shape keeps its gate, and mTLS on its NIO connectors. */
final class OtherNio2Test {
  @Test
  void theRestIsInForce() throws Exception {
    try (InboundRig rig = TomcatUnderTest.attachWithout("11.0", "SecureNio2Channel")) {
      rig.mesh().join();
      rig.mesh().mode(MtlsMode.STRICT);
      try (RawConnection meshed = rig.meshed()) {
        assertThat(status(meshed)).isEqualTo(200);
      }
      try (RawConnection plaintext = rig.plaintext()) {
        assertThatThrownBy(() -> status(plaintext)).isInstanceOf(IOException.class);
      }
    }
  }

  private static int status(RawConnection connection) throws IOException {
    return connection.send(Probe.get("/app/status/200")).read().status();
  }
}
