package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.AuthorizationPolicy.Action;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.Rule;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Policy about the connection that a request comes on. */
interface ConditionCases extends InboundCases {
  @Test
  default void theNameThatAPeerAsksForDecides() throws IOException {
    judge(Action.ALLOW, "connection.sni", List.of("orders.example"), List.of());
    SSLContext peer = rig().mesh().newClient("reader");
    long first = 0;
    for (int i = 0; i < 3; i++) {
      try (RawConnection meshed = indicating("Orders.Example", peer)) {
        assertThat(meshed.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
        long made = ((SSLSocket) meshed.socket()).getSession().getCreationTime();
        first = i == 0 ? made : first;
        assertThat(made).as("the session is resumed").isEqualTo(first);
      }
    }
    assertForbidden(indicating("billing.example", rig().mesh().newClient("reader")));
    assertForbidden(rig().meshed());
    assertForbidden(rig().plaintext());
    assertThat(rig().reached()).isEqualTo(3);
  }

  @Test
  default void whoAsksForNoNameIsRefusedWhereAllButOneAre() throws IOException {
    judge(Action.DENY, "connection.sni", List.of(), List.of("orders.example"));
    assertServed(indicating("orders.example", rig().mesh().newClient("reader")));
    assertForbidden(indicating("billing.example", rig().mesh().newClient("reader")));
    assertForbidden(rig().meshed());
    assertForbidden(rig().plaintext());
  }

  @Test
  default void theAddressThatAnswersDecides() throws IOException {
    judge(Action.ALLOW, "destination.ip", List.of("127.0.0.0/8", "::1"), List.of());
    assertServed(rig().meshed());
    assertServed(rig().plaintext());
    judge(Action.ALLOW, "destination.ip", List.of("127.0.0.2", "10.0.0.0/8"), List.of());
    assertForbidden(rig().meshed());
    assertForbidden(rig().plaintext());
    judge(Action.DENY, "destination.ip", List.of(), List.of("10.0.0.0/8"));
    assertForbidden(rig().meshed());
  }

  private void judge(Action action, String key, List<String> values, List<String> notValues) {
    Condition when = Condition.builder().key(key).values(values).notValues(notValues).build();
    rig()
        .mesh()
        .authorize(
            AuthorizationPolicy.builder()
                .name("connections")
                .namespace("default")
                .action(action)
                .rules(List.of(Rule.builder().when(List.of(when)).build()))
                .build());
  }

  private RawConnection indicating(String serverName, SSLContext peer) throws IOException {
    return RawConnection.indicating(serverName, rig().server().port(), peer, TestMesh.ALPN);
  }

  private static void assertForbidden(RawConnection connection) throws IOException {
    try (connection) {
      RawConnection.Answer answer = connection.send(Probe.get("/app/status/204")).read();
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("x-weft-rejection")).startsWith("AUTHORIZE;");
    }
  }
}
