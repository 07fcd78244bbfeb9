package dev.weft.dataplane.database;

import static dev.weft.dataplane.database.FakeDatabase.connections;
import static dev.weft.dataplane.database.FakeDatabase.rejection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.database.FakeDatabase.Failure;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabaseRedirect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which host of a redirect gets a connection: those that are well, and read or write as asked. */
class DatabaseHostsTest {
  private final FakeDatabase db = new FakeDatabase();

  @Test
  void retriesAtAnotherHostAndLeavesAHostAloneThatFails() throws Exception {
    db.policy(
        p ->
            p.redirect(redirect("pg-1", "pg-2").consecutiveFailures(1).build())
                .connections(connections().retries(1).build()));
    assertThat(db.connect(db.session(), "08001")).isEqualTo("connected to pg-1");
    assertThat(db.attempts).containsExactly("pg-2:5432", "pg-1:5432");
    assertThat(db.hostsEjected).isEqualTo(1);
    for (int i = 0; i < 5; i++) {
      assertThat(db.connect(db.session())).isEqualTo("connected to pg-1");
    }
    db.now.addAndGet(10_000_000_001L);
    assertThat(db.connect(db.session())).isEqualTo("connected to pg-2");
  }

  @Test
  void aHostIsOutForAsLongAsPolicySays() throws Exception {
    db.policy(
        p ->
            p.redirect(
                    redirect("pg-1", "pg-2").consecutiveFailures(1).ejectionMillis(3_000).build())
                .connections(connections().retries(1).build()));
    db.connect(db.session(), "08001");
    db.now.addAndGet(2_900_000_000L);
    assertThat(db.connect(db.session())).isEqualTo("connected to pg-1");
    db.now.addAndGet(100_000_001L);
    assertThat(db.connect(db.session())).isEqualTo("connected to pg-2");
  }

  @Test
  void triesAHostAllTheSameWhenAllAreOut() throws Exception {
    db.policy(p -> p.redirect(redirect("pg-1").consecutiveFailures(1).build()));
    assertThatThrownBy(() -> db.connect(db.session(), "08001")).isInstanceOf(Failure.class);
    assertThat(db.connect(db.session())).isEqualTo("connected to pg-1");
  }

  @Test
  void readsGoToReplicasAndWritesToThePrimary() throws Exception {
    db.policy(p -> p.redirect(redirect("pg-1", "replica-2", "replica-3").build()));
    assertThat(db.connect(db.session(), true)).isEqualTo("connected to pg-1");
    db.policy(
        p ->
            p.redirect(
                redirect("pg-1", "replica-2", "replica-3")
                    .consecutiveFailures(1)
                    .readWriteSplit(true)
                    .build()));
    assertThat(db.connect(db.session())).isEqualTo("connected to pg-1");
    assertThat(db.connect(db.session(), true)).isEqualTo("connected to replica-3");
    assertThatThrownBy(() -> db.connect(db.session(), true, "08001")).isNotNull();
    assertThatThrownBy(() -> db.connect(db.session(), true, "08001")).isNotNull();
    assertThat(db.connect(db.session(), true)).isEqualTo("connected to pg-1");
  }

  @Test
  void aProbeKeepsAHostOutThatIsAwayAndBringsNobodyBack() throws Exception {
    db.policy(
        p ->
            p.redirect(redirect("pg-1", "pg-2").consecutiveFailures(2).probeMillis(1_000).build()));
    db.away.add("pg-2");
    assertThat(db.connect(db.session())).isEqualTo("connected to pg-2");
    assertThat(db.loops).hasSize(1);
    assertThat(db.probes.round()).isEqualTo(1_000_000_000L);
    assertThat(db.probed).containsExactly("pg-1:5432", "pg-2:5432");
    db.now.addAndGet(1_000_000_000L);
    db.probes.round();
    assertThat(db.connect(db.session())).isEqualTo("connected to pg-1");
    // Due again after ten seconds: the probe takes the try, so no connect has to.
    db.now.addAndGet(10_000_000_001L);
    db.probes.round();
    assertThat(db.connect(db.session())).isEqualTo("connected to pg-1");
    db.away.clear();
    db.now.addAndGet(20_000_000_001L);
    db.probes.round();
    assertThat(db.connect(db.session())).isEqualTo("connected to pg-2");
  }

  @Test
  void probesOnlyWhatAPolicyInForceAsksFor() throws Exception {
    db.policy(p -> p.redirect(redirect("pg-1").build()));
    db.connected();
    assertThat(db.loops).isEmpty();
    assertThat(db.probes.round()).isEqualTo(-1);
    db.policy(p -> p.redirect(redirect("pg-1").probeMillis(1).build()));
    db.connected();
    assertThat(db.loops).hasSize(1);
    db.driver.update(Collections.emptyList());
    assertThat(db.probes.round()).isEqualTo(-1);
    assertThat(db.probed).isEmpty();
    db.policy(p -> p.redirect(redirect("pg-1").probeMillis(1).build()));
    db.connected();
    assertThat(db.loops).hasSize(2);
  }

  @Test
  void neverWritesToAReplica() {
    db.policy(p -> p.redirect(redirect("replica-1").readWriteSplit(true).build()));
    assertThat(rejection(() -> db.connect(db.session())).stage()).isEqualTo(DatabaseStage.BALANCE);
  }

  private static DatabaseRedirect.Builder redirect(String... names) {
    List<DatabaseHost> hosts = new ArrayList<>();
    for (String name : names) {
      hosts.add(DatabaseHost.builder().address(name).replica(name.startsWith("replica")).build());
    }
    return DatabaseRedirect.builder().hosts(hosts);
  }
}
