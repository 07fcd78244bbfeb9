package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Clients that wait: for the server to speak first, or for ever (promise I10). */
interface SilenceCases extends InboundCases {
  /** More than any server of the contract has threads to accept with. */
  int SILENT = 50;

  @Test
  default void clientsThatSayNothingHoldUpNobody() throws IOException {
    List<RawConnection> silent = new ArrayList<>();
    try {
      for (int i = 0; i < SILENT; i++) {
        silent.add(i % 5 == 0 ? rig().meshed() : rig().plaintext());
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                assertServed(rig().plaintext());
                assertServed(rig().meshed());
                return true;
              });
      // They were accepted all the same: who speaks at last is served.
      for (RawConnection late : silent) {
        assertServed(late);
      }
    } finally {
      for (RawConnection each : silent) {
        each.close();
      }
    }
  }

  @Test
  default void aClientThatLeavesWithoutAWordIsForgotten() throws IOException {
    for (int i = 0; i < SILENT; i++) {
      rig().plaintext().close();
      rig().meshed().close();
    }
    assertServed(rig().plaintext());
    assertServed(rig().meshed());
    Awaitility.await().untilAsserted(() -> assertThat(rig().mesh().live()).isZero());
  }

  @Test
  default void aPeerThatAsksForNothingIsForgottenByTheServersTimeout() throws IOException {
    rig().server().patience(1000);
    try (RawConnection meshed = rig().meshed()) {
      assertThat(meshed.isEnded()).isTrue();
      Awaitility.await().untilAsserted(() -> assertThat(rig().mesh().live()).isZero());
    } finally {
      rig().server().patience(InboundServer.PATIENT);
    }
  }

  @Test
  default void silenceOnAPortForMtlsOnlyEndsByTheServersTimeout() throws IOException {
    rig().server().patience(1000);
    rig().mesh().mode(MtlsMode.STRICT);
    try (RawConnection silent = rig().plaintext()) {
      assertThat(silent.isEnded()).isTrue();
    } finally {
      rig().mesh().mode(MtlsMode.PERMISSIVE);
      rig().server().patience(InboundServer.PATIENT);
    }
  }
}
