package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * Nobody gets in who should not, theme by theme: promises I9, I10, A1 and G1 for one server. It was
 * there first, and the agent is attached to it.
 */
@Timeout(120)
public abstract class InboundSecurity extends AttachedServer
    implements PeerCases,
        HelloCases,
        AccessCases,
        ConditionCases,
        AuthorizerCases,
        CheckedBodyCases,
        TokenCases,
        CorsCases,
        UpgradeCases {
  @Override
  final void beforeJoining() throws IOException {
    assertRefused(rig().mesh().client("reader"), TestMesh.ALPN);
    assertServed(rig().plaintext());
    rig().mesh().mode(MtlsMode.STRICT);
    try (RawConnection plaintext = rig().plaintext()) {
      assertThat(plaintext.send(Probe.get("/app/echo")).isEnded()).isTrue();
    }
    rig().mesh().mode(MtlsMode.PERMISSIVE);
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
