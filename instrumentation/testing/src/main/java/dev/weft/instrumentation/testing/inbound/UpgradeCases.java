package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A connection that has become a WebSocket is one of the mesh all the same. */
interface UpgradeCases extends InboundCases {
  @Test
  default void webSocketsAreSpokenWhereTheServerCan() throws IOException {
    boolean can = rig().server().speaksWebSocket();
    try (RawConnection plaintext = rig().plaintext();
        RawConnection meshed = rig().meshed()) {
      assertThat(open(plaintext) == 101).isEqualTo(can);
      assertThat(open(meshed) == 101).isEqualTo(can);
    }
  }

  @Test
  default void theWebSocketOfAWithdrawnPeerEnds() throws IOException {
    if (!rig().server().speaksWebSocket()) {
      return;
    }
    try (RawConnection plaintext = rig().plaintext();
        RawConnection meshed = rig().meshed()) {
      assertThat(open(plaintext)).isEqualTo(101);
      assertThat(open(meshed)).isEqualTo(101);
      assertThat(UpgradeProbes.exchange(meshed, 0x81, new byte[] {'h', 'i'})).isEqualTo("\n1 hi");
      rig().mesh().withdrawReader();
      meshed.socket().setSoTimeout(5000);
      // A server may find the time to say good-bye in a frame.
      assertThat(meshed.endsAtLast()).isTrue();
      assertThat(UpgradeProbes.exchange(plaintext, 0x81, new byte[] {'h'})).isEqualTo("\n1 h");
    } finally {
      rig().mesh().join();
    }
  }

  private static int open(RawConnection connection) throws IOException {
    return connection.send(UpgradeProbes.open("/ws")).read().status();
  }
}
