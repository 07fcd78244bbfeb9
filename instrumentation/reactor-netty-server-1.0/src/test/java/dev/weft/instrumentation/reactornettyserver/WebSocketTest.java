package dev.weft.instrumentation.reactornettyserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A WebSocket lives on a connection of mesh mTLS as on one in plaintext, and ends with it. */
final class WebSocketTest {
  private static final String UPGRADE =
      "GET /ws HTTP/1.1\r\n"
          + "Host: orders\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.3"})
  void messagesGoBothWaysUntilThePeerIsWithdrawn(String version) throws Exception {
    try (InboundRig rig =
        ReactorNettyUnderTest.attachUnasked(ReactorNettyUnderTest.start(version))) {
      rig.mesh().join();
      try (RawConnection plaintext = rig.plaintext();
          RawConnection meshed = rig.meshed()) {
        assertEchoes(plaintext);
        assertEchoes(meshed);
        rig.mesh().withdrawReader();
        assertThat(meshed.isEnded()).isTrue();
        assertMessage(plaintext);
      }
    }
  }

  private static void assertEchoes(RawConnection connection) throws IOException {
    assertThat(connection.send(UPGRADE).read().status()).isEqualTo(101);
    for (int i = 0; i < 3; i++) {
      assertMessage(connection);
    }
  }

  /** RFC 6455, section 5.2: a final text frame, from the client with a mask, here of zeros. */
  private static void assertMessage(RawConnection connection) throws IOException {
    connection.send(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
    assertThat(connection.bytes(4))
        .startsWith(0x81, 2)
        .endsWith("hi".getBytes(StandardCharsets.UTF_8));
  }
}
