package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.support.StatedLimits;
import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Nobody gets in who should not, theme by theme: promises I9, I10, A1 and G1 for one server. It was
 * there first, and the agent is attached to it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
@ExtendWith(StatedLimits.class)
public abstract class InboundSecurity
    implements PeerCases,
        HelloCases,
        AccessCases,
        AuthorizerCases,
        CheckedBodyCases,
        TokenCases,
        CorsCases,
        UpgradeCases {
  private @Nullable InboundRig rig;

  /** Starts the server and attaches. */
  protected abstract InboundRig attach() throws Exception;

  @Override
  public final InboundRig rig() {
    if (rig == null) {
      throw new IllegalStateException("the server has not started");
    }
    return rig;
  }

  @BeforeAll
  void start() throws Exception {
    rig = attach();
    withoutIdentityTlsIsRefusedAndPlaintextGoesByTheMode();
    rig.mesh().join();
  }

  private void withoutIdentityTlsIsRefusedAndPlaintextGoesByTheMode() throws IOException {
    assertRefused(rig().mesh().client("reader"), TestMesh.ALPN);
    assertServed(rig().plaintext());
    rig().mesh().mode(MtlsMode.STRICT);
    try (RawConnection plaintext = rig().plaintext()) {
      assertThat(plaintext.send(Probe.get("/app/echo")).isEnded()).isTrue();
    }
    rig().mesh().mode(MtlsMode.PERMISSIVE);
  }

  @AfterAll
  void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  @BeforeEach
  void begin() {
    rig().begin();
  }

  @AfterEach
  void reset() {
    rig().mesh().mode(MtlsMode.PERMISSIVE);
    rig().mesh().bug(null);
    rig().mesh().hurry(false);
    rig().mesh().atEntry(null);
    rig().server().patience(InboundServer.PATIENT);
    // Whatever a case did, nothing of its connections is left.
    Awaitility.await().untilAsserted(() -> assertThat(rig().mesh().live()).isZero());
  }
}
