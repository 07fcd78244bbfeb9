package dev.weft.controlserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlserver.FakeTime;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.identity.Denied;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.policy.InstanceReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
  private static final WorkloadIdentity ORDERS =
      new WorkloadIdentity("cluster.local", "shop", "orders");
  private static final WorkloadIdentity OTHER =
      new WorkloadIdentity("cluster.local", "shop", "other");

  private final FakeTime time = new FakeTime(Instant.parse("2026-11-21T12:00:00Z"));
  private final Registry registry = new Registry(Duration.ofSeconds(10), time, time);

  private static InstanceReport report(int port, String version) {
    return InstanceReport.builder()
        .service("orders")
        .namespace("shop")
        .serviceAccount("orders")
        .labels(Map.of("version", version))
        .address("10.0.0.1")
        .port(port)
        .mtls(true)
        .build();
  }

  /** Time passes as it does while the sweep runs every second. */
  private boolean pass(Duration duration) {
    boolean changed = false;
    for (long second = 0; second < duration.toSeconds(); second++) {
      time.advance(Duration.ofSeconds(1));
      changed |= registry.sweep();
    }
    return changed;
  }

  @Test
  void tellsChangeFromRenewal() throws Exception {
    assertThat(registry.report("i1", ORDERS, report(80, "v1"))).isTrue();
    assertThat(registry.report("i1", ORDERS, report(80, "v1"))).isFalse();
    assertThat(
            registry.report("i1", ORDERS, report(80, "v1").toBuilder().snapshotVersion(7).build()))
        .isFalse();
    assertThat(registry.report("i1", ORDERS, report(81, "v1"))).isTrue();
    assertThat(registry.report("i1", ORDERS, report(81, "v2"))).isTrue();
    assertThat(registry.remove("i1", ORDERS)).isTrue();
    assertThat(registry.remove("i1", ORDERS)).isFalse();
  }

  @Test
  void endsLeasesAndKeepsTheExpiredListed() throws Exception {
    registry.report("i1", ORDERS, report(80, "v1"));
    assertThat(pass(Duration.ofSeconds(9))).isFalse();
    assertThat(registry.live()).hasSize(1);
    assertThat(pass(Duration.ofSeconds(1))).isTrue();
    assertThat(registry.live()).isEmpty();
    assertThat(registry.all()).hasSize(1);
    assertThat(registry.report("i1", ORDERS, report(80, "v1"))).isTrue();
    assertThat(registry.live()).hasSize(1);
    pass(Duration.ofSeconds(10).plus(Registry.KEPT_EXPIRED));
    assertThat(registry.all()).isEmpty();
  }

  @Test
  void expiresNobodyWhenItWasItselfSuspended() throws Exception {
    registry.report("i1", ORDERS, report(80, "v1"));
    pass(Duration.ofSeconds(3));
    time.advance(Duration.ofMinutes(10));
    assertThat(registry.sweep()).isFalse();
    assertThat(registry.live()).hasSize(1);
    assertThat(pass(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void ignoresJumpsOfTheWallClock() throws Exception {
    registry.report("i1", ORDERS, report(80, "v1"));
    time.jumpWall(Duration.ofHours(5));
    assertThat(registry.sweep()).isFalse();
    assertThat(registry.live()).hasSize(1);
  }

  @Test
  void givesAnIdToOneIdentity() throws Exception {
    registry.report("i1", ORDERS, report(80, "v1"));
    assertThatThrownBy(() -> registry.report("i1", OTHER, report(80, "v1")))
        .isInstanceOf(Denied.class);
    assertThatThrownBy(() -> registry.remove("i1", OTHER)).isInstanceOf(Denied.class);
  }

  @Test
  void remembersTheLiveAcrossARestartForAWhile(@TempDir Path directory) throws Exception {
    try (MeshStore store = MeshStore.open(directory)) {
      registry.report("i1", ORDERS, report(80, "v1"));
      registry.report("gone", ORDERS, report(81, "v1"));
      InstanceMemory memory = new InstanceMemory(store);
      memory.save(registry);
      registry.remove("gone", ORDERS);
      memory.save(registry);
    }
    try (MeshStore store = MeshStore.open(directory)) {
      Registry next = new Registry(Duration.ofSeconds(10), time, time);
      assertThat(new InstanceMemory(store).restore(next, Duration.ofSeconds(15), time.instant()))
          .isEqualTo(1);
      RegisteredInstance remembered = next.find("i1");
      assertThat(remembered).isNotNull();
      assertThat(remembered.live()).isTrue();
      assertThat(remembered.confirmed()).isFalse();
      assertThat(remembered.endpoint()).isEqualTo(registry.find("i1").endpoint());
      assertThat(next.report("i1", ORDERS, report(80, "v1"))).isFalse();
      assertThat(next.find("i1").confirmed()).isTrue();
    }
  }
}
