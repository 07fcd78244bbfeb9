package dev.weft.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.policy.snapshot.Snapshot;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataPlaneMeshTest {

  private final TransportSecurity transport = TransportSecurity.of(Clock.systemUTC());
  private final List<Snapshot> applied = new ArrayList<>();
  private final DataPlaneMesh mesh =
      DataPlaneMesh.of(transport, applied::add, question -> Collections.emptyMap());

  private static Credentials credentials(TestAuthority authority) throws Exception {
    KeyPair keys = TestAuthority.keys();
    return Credentials.of(
        keys.getPrivate(),
        Arrays.asList(
            authority.workload(
                keys.getPublic(),
                "spiffe://cluster.local/ns/shop/sa/orders",
                Instant.now(),
                Duration.ofHours(1)),
            authority.intermediate),
        Collections.singletonList(authority.root));
  }

  @Test
  void changesTheTrustGenerationOnlyWhenTrustChanges() throws Exception {
    TestAuthority authority = TestAuthority.create();
    Snapshot snapshot =
        Rig.snapshot("e1", 1, 1).toBuilder()
            .trustBundle(Credentials.pems(Collections.singletonList(authority.root)))
            .build();
    mesh.identity(credentials(authority));
    long first = transport.generation();
    mesh.snapshot(snapshot);
    mesh.snapshot(snapshot.toBuilder().version(2).build());
    assertThat(transport.generation()).isEqualTo(first);
    mesh.snapshot(
        snapshot.toBuilder()
            .version(3)
            .withdrawn(Collections.singletonList("spiffe://cluster.local/ns/shop/sa/evil"))
            .build());
    assertThat(transport.generation()).isEqualTo(first + 1);
    mesh.identity(credentials(authority));
    assertThat(transport.generation()).isEqualTo(first + 2);
    assertThat(applied).hasSize(3);
  }

  @Test
  void refusesASnapshotWithADamagedBundleBeforeItIsInForce() {
    Snapshot damaged =
        Rig.snapshot("e1", 1, 1).toBuilder()
            .trustBundle(Collections.singletonList("-----BEGIN CERTIFICATE-----\nAAAA"))
            .build();
    assertThatThrownBy(() -> mesh.snapshot(damaged)).hasMessageContaining("certificate");
    assertThat(applied).isEmpty();
  }
}
