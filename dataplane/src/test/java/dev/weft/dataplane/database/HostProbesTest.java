package dev.weft.dataplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseRedirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** The real probe on its real thread. */
class HostProbesTest {
  private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

  private final FakeDatabase db = new FakeDatabase();

  private static boolean probing() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("mesh-database-probe") && thread.isAlive());
  }

  @Test
  void probesByTcpAndLeavesNoThreadBehind() throws Exception {
    DatabaseDriver driver =
        DatabaseDriver.of(
            System::nanoTime,
            new FakeDatabase.HighRandom(),
            nanos -> {},
            db.transport,
            DatabaseObserver.NONE);
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      driver.update(
          Collections.singletonList(
              DatabasePolicy.builder()
                  .hosts(Collections.singletonList("*"))
                  .redirect(
                      DatabaseRedirect.builder()
                          .hosts(
                              Collections.singletonList(
                                  DatabaseHost.builder()
                                      .address(LOOPBACK)
                                      .port(server.getLocalPort())
                                      .build()))
                          .probeMillis(10)
                          .build())
                  .build()));
      driver.session(FakeDatabase.ORDERS);
      try (Socket first = server.accept();
          Socket second = server.accept()) {
        // Each probe is a connection that ends without a byte.
        assertThat(first.getInputStream().read()).isEqualTo(-1);
        assertThat(second.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(probing()).isTrue();
    }
    driver.update(Collections.emptyList());
    await().until(() -> !probing());
  }

  @Test
  void aPortWhereNobodyListensIsNotReachable() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      assertThat(HostProbe.TCP.reachable(LOOPBACK, port, 1_000)).isTrue();
    }
    assertThat(HostProbe.TCP.reachable(LOOPBACK, port, 1_000)).isFalse();
    assertThat(HostProbe.TCP.reachable("no-such-host.invalid", port, 1_000)).isFalse();
  }
}
