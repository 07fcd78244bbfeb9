package dev.weft.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.policy.snapshot.Endpoint;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Defects of the mesh itself refuse calls with the client's own exception; none lets plaintext out.
 */
interface DefectCases extends OutboundCases {
  @Test
  default void theVersionUnderTestIsStated() throws Exception {
    rig().orders(false);
    rig().client().send(Call.get("http://orders/"));
    assertThat(rig().harness().unstatedVersions()).isEmpty();
  }

  @Test
  default void everyClassIsWoven() throws Exception {
    rig().orders(false);
    rig().client().send(Call.get("http://orders/"));
    assertThat(rig().harness().report())
        .isNotEmpty()
        .allSatisfy(e -> assertThat(e.state()).as(e.toString()).isEqualTo("applied"));
  }

  @Test
  default void defectInADecisionRefusesAndNeverSendsPlaintext() throws Exception {
    TestInstance orders = rig().orders(true);
    rig().mesh().breakWith(new IllegalArgumentException("defect"));
    Result refused = rig().client().send(Call.get("http://orders/"));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("x-weft-rejection")).isEqualTo("SECURE");
    assertThat(orders.connections()).isZero();
    rig().mesh().breakWith(null);
    assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
  }

  @Test
  default void defectInAHookRefusesWithTheClientsOwnException() throws Exception {
    TestInstance orders = rig().orders(true);
    rig()
        .withoutEngine(
            () ->
                assertThatThrownBy(() -> rig().client().send(Call.get("http://orders/")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("mesh"));
    assertThat(orders.connections()).isZero();
    assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("enforcingHooks")
  default void defectInOneHookRefusesWithTheClientsOwnException(String hook) throws Exception {
    TestInstance orders = rig().orders(true);
    rig().harness().breakHook(hook);
    try {
      assertThatThrownBy(() -> rig().client().send(Call.get("http://orders/")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("refused by the service mesh");
    } finally {
      rig().harness().breakHook(null);
    }
    assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
    assertThat(orders.requests()).allMatch(r -> r.peer().equals("CN=caller"));
  }

  @ParameterizedTest
  @MethodSource({"enforcingHooks", "otherHooks"})
  default void defectInOneHookNeverSendsPlaintext(String hook) throws Exception {
    TestInstance eavesdropper = rig().instance("orders", false);
    Endpoint secured =
        Endpoint.builder()
            .id("secured")
            .address("127.0.0.1")
            .port(eavesdropper.port())
            .mtls(true)
            .spiffeId(TestAuthority.spiffeId("orders"))
            .build();
    rig().mesh().clear().service("orders", s -> s.endpoints(List.of(secured))).apply();
    rig().harness().breakHook(hook);
    try {
      assertThatThrownBy(() -> rig().client().send(Call.get("http://orders/")))
          .isInstanceOf(IOException.class);
    } finally {
      rig().harness().breakHook(null);
    }
    assertThat(eavesdropper.requests()).isEmpty();
  }

  @Test
  default void defectInAHookThatOnlyHelpsIsSurvived() throws Exception {
    for (String hook : rig().otherHooks()) {
      TestInstance orders = rig().orders(true);
      rig().harness().breakHook(hook);
      try {
        assertThat(rig().client().send(Call.get("http://orders/")).status())
            .as(hook)
            .isEqualTo(200);
      } finally {
        rig().harness().breakHook(null);
      }
      assertThat(orders.last().peer()).isEqualTo("CN=caller");
    }
  }
}
