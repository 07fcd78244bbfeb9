package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import javax.net.ssl.SSLContext;

/** Cases of one theme of the inbound contract. */
interface InboundCases {
  /** The header that every request has to have. */
  String HOST = "Host: orders\r\n";

  /** What the cases run on. */
  InboundRig rig();

  /** The server answers on a connection, which is closed then. */
  default void assertServed(RawConnection connection) throws IOException {
    try (connection) {
      assertThat(connection.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
    }
  }

  /** A client with this TLS reaches nothing of the application. */
  default void assertRefused(SSLContext client, String... alpn) {
    int before = rig().server().reached();
    assertThatThrownBy(
            () -> {
              try (RawConnection c = RawConnection.tls(rig().server().port(), client, alpn)) {
                c.send(Probe.get("/app/echo")).read();
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(rig().server().reached()).isEqualTo(before);
  }
}
