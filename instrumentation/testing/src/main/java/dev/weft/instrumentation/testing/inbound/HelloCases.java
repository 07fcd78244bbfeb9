package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a client may come: whole or in pieces, late, or never. */
interface HelloCases extends InboundCases {
  @Test
  default void aClientHelloMayComeByteByByte() throws IOException {
    assertServed(rig().mesh().slowly(rig().server().port(), 1));
  }

  @Test
  default void aClientHelloMayComeInManyRecords() throws IOException {
    assertServed(rig().mesh().inRecords(rig().server().port(), 40));
  }

  @Test
  default void aClientHelloMayBeLongerThanARecord() throws IOException {
    assertServed(rig().mesh().padded(rig().server().port(), 18_000));
  }

  @Test
  default void halfHellosHoldNoThread() throws IOException {
    List<RawConnection> halves = halfHellos(300);
    try {
      assertServed(rig().plaintext());
      assertServed(rig().meshed());
    } finally {
      close(halves);
    }
  }

  @Test
  default void halfHellosEndByTheServersTimeout() throws IOException {
    rig().server().patience(1000);
    List<RawConnection> halves = halfHellos(20);
    try {
      for (RawConnection half : halves) {
        assertThat(half.isEnded()).isTrue();
      }
    } finally {
      rig().server().patience(InboundServer.PATIENT);
      close(halves);
    }
  }

  private List<RawConnection> halfHellos(int count) throws IOException {
    List<RawConnection> halves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      halves.add(
          rig().plaintext().send(i % 2 == 0 ? "\u0016" : "\u0016\u0003\u0001\u0002\u0000\u0001"));
    }
    return halves;
  }

  private static void close(List<RawConnection> connections) throws IOException {
    for (RawConnection each : connections) {
      each.close();
    }
  }

  @Test
  default void aSecondConnectionMayResumeTheSession() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertServed(rig().meshed());
    }
  }

  @Test
  default void manyMeshedConnectionsAreServedAtOnce() throws Exception {
    List<Thread> clients = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 10; i++) {
      Thread client =
          new Thread(
              () -> {
                try (RawConnection meshed = rig().meshed()) {
                  for (int n = 0; n < 4; n++) {
                    String path = n % 2 == 0 ? "/app/large" : "/files/large.txt";
                    assertThat(meshed.send(Probe.get(path)).read().text())
                        .hasSize(n % 2 == 0 ? 1_000_000 : 300_000);
                  }
                } catch (Throwable t) {
                  failures.add(t);
                }
              });
      client.start();
      clients.add(client);
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(failures).isEmpty();
  }
}
