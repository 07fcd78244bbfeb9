package dev.weft.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.policy.AccessToken;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import dev.weft.policy.snapshot.SnapshotDelta;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlClientTest {

  @TempDir Path dir;
  private FakeControlServer server;
  private Rig rig;

  @BeforeEach
  void start() throws Exception {
    server = FakeControlServer.start();
    rig = rig();
  }

  @AfterEach
  void stop() {
    if (rig.client != null) {
      rig.close();
    }
    server.close();
  }

  private Rig rig() {
    return new Rig(server.url(), server.token.text(), dir.resolve("cache"));
  }

  private void joined() {
    await().until(() -> rig.client.status().phase() == ControlStatus.Phase.CONNECTED);
  }

  @Test
  void joinsRegistersWatchesAndAcknowledges() throws Exception {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    assertThat(rig.client.awaitFirst(10_000)).isTrue();

    assertThat(rig.identities.get(0).leaf().getSubjectAlternativeNames().toString())
        .contains("spiffe://cluster.local/ns/shop/sa/orders");
    assertThat(rig.inForce().version).isEqualTo(7);
    await().until(() -> !server.acks.isEmpty());
    assertThat(server.acks.get(0)).containsEntry("version", 7).doesNotContainKey("error");
    InstanceReport report = server.instances.get(rig.config.instanceId());
    assertThat(report.service).isEqualTo("orders");
    assertThat(report.address).isEqualTo("127.0.0.1");
    assertThat(report.port).isZero();
    assertThat(report.mtls).isFalse();
    assertThat(report.labels).containsEntry("version", "v1");
    assertThat(report.instrumentation.get(0).name).isEqualTo("tomcat-8.5");
    assertThat(report.pid).isEqualTo(ProcessId.current());
    assertThat(server.joins).hasValue(1);
  }

  @Test
  void whatComesAfterJoiningGoesByTheSameConnection() {
    rig.start();
    joined();
    server.push(Rig.snapshot("e1", 7, 2));
    String registration = "PUT /v1/agent/instances/" + rig.config.instanceId();
    // The lease is short: by the clock it is renewed before the acknowledgement or after it.
    await("acknowledgement and lease")
        .untilAsserted(
            () ->
                assertThat(server.byJoinedConnection).contains("POST /v1/agent/ack", registration));
    assertThat(server.byCertificate).containsExactly(registration, "GET /v1/agent/watch");
  }

  @Test
  void aServerThatKnowsNoJoinedConnectionsIsShownTheCertificate() {
    server.connectionsSpeak = false;
    rig.start();
    joined();
    server.push(Rig.snapshot("e1", 7, 2));
    await().until(() -> !server.acks.isEmpty());
    assertThat(server.byJoinedConnection).isEmpty();
    assertThat(server.joins).hasValue(1);
  }

  @Test
  void reportsThePortAsSoonAsTheContainerListens() {
    rig.start();
    joined();
    rig.ports.opened(8080, true);
    await()
        .until(
            () -> {
              InstanceReport report = server.instances.get(rig.config.instanceId());
              return report != null && report.port == 8080 && report.mtls;
            });
  }

  @Test
  void renewsEarlyWhenItsRootSignsNoMore() {
    rig.start();
    joined();
    assertThat(server.renewals).hasValue(0);
    server.outdated = true;
    await().until(() -> server.renewals.get() == 1);
    await("leases go on").during(1, TimeUnit.SECONDS).until(() -> server.renewals.get() == 1);
    assertThat(rig.identities).hasSize(2);
    assertThat(server.joins).hasValue(1);
    assertThat(rig.lines).isEmpty();
  }

  @Test
  void keepsWorkingWhenTheCertificateLivesForSeconds() {
    server.leafLife = Duration.ofSeconds(2);
    rig.start();
    await().atMost(30, TimeUnit.SECONDS).until(() -> server.renewals.get() >= 4);
    await("a watch for every certificate").until(() -> server.watches.get() >= 5);
    assertThat(server.joins).hasValue(1);
    assertThat(rig.client.status().phase()).isEqualTo(ControlStatus.Phase.CONNECTED);
    Set<Object> keys = new HashSet<>();
    rig.identities.forEach(identity -> keys.add(identity.leaf().getPublicKey()));
    assertThat(keys).as("a new key for every certificate").hasSameSizeAs(rig.identities);
    assertThat(rig.lines).isEmpty();
  }

  @Test
  void comesUpFromTheCacheWhileTheControlServerIsDead() throws Exception {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    rig.client.awaitFirst(10_000);
    rig.close();
    server.kill();

    Rig again = rig().start();
    try {
      assertThat(again.client.awaitFirst(5_000)).isTrue();
      assertThat(again.inForce().version).isEqualTo(7);
      assertThat(again.identities).hasSize(1);
      assertThat(again.identities.get(0).leaf()).isEqualTo(rig.identities.get(0).leaf());
      await().until(() -> again.said("going on with policy version 7"));
    } finally {
      again.close();
    }
    try (java.util.stream.Stream<Path> files = Files.list(dir.resolve("cache"))) {
      files.forEach(
          file -> {
            try {
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------");
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("cache"))))
        .isEqualTo("rwx------");
  }

  @Test
  void reconnectsAfterARestartOfTheServer() throws Exception {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    joined();
    int port = server.kill();
    await().until(() -> rig.client.status().phase() == ControlStatus.Phase.DISCONNECTED);
    assertThat(rig.inForce().version).isEqualTo(7);
    server.listen(port);
    joined();
    assertThat(server.watchQueries.get(server.watchQueries.size() - 1))
        .contains("version=7")
        .contains("epoch=e1");
    assertThat(server.joins).hasValue(1);
  }

  @Test
  void keepsTheLastGoodStateThroughErrorsPagesAndHalfDocuments() throws Exception {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    joined();
    for (FakeControlServer.Fault fault :
        new FakeControlServer.Fault[] {
          FakeControlServer.Fault.ERROR_500,
          FakeControlServer.Fault.HTML,
          FakeControlServer.Fault.TRUNCATED_WATCH
        }) {
      int watches = server.watches.get();
      server.fault = fault;
      server.pushLine("");
      await().until(() -> rig.client.status().phase() == ControlStatus.Phase.DISCONNECTED);
      assertThat(rig.inForce().version).isEqualTo(7);
      server.fault = FakeControlServer.Fault.NONE;
      joined();
      assertThat(server.watches.get()).isGreaterThan(watches);
    }
    assertThat(rig.lines.size()).as("at most one line a minute of each kind").isLessThan(4);
  }

  private void pushDelta(Snapshot from, Snapshot to) {
    byte[] delta = SnapshotCodec.write(SnapshotDelta.between(from, to));
    String text = new String(delta, StandardCharsets.UTF_8);
    server.pushLine("{\"type\":\"delta\",\"delta\":" + text + "}");
  }

  @Test
  void takesDeltasAndCachesWhatComesOut() throws Exception {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    await().until(() -> rig.inForce().version == 7);
    assertThat(server.watchQueries.get(0)).contains("deltas=1");
    pushDelta(Rig.snapshot("e1", 7, 2), Rig.snapshot("e1", 8, 1));
    await().until(() -> rig.inForce().version == 8);
    pushDelta(Rig.snapshot("e1", 8, 1), Rig.snapshot("e1", 9, 3));
    await().until(() -> server.acks.size() == 3);
    assertThat(rig.inForce()).isEqualTo(Rig.snapshot("e1", 9, 3));
    assertThat(server.acks.get(2)).containsEntry("version", 9).doesNotContainKey("error");
    assertThat(server.watches).hasValue(1);
    rig.close();
    server.kill();
    Rig again = rig().start();
    try {
      assertThat(again.client.awaitFirst(5_000)).isTrue();
      assertThat(again.inForce()).isEqualTo(Rig.snapshot("e1", 9, 3));
    } finally {
      again.close();
    }
  }

  @Test
  void asksAnewWhenADeltaIsOfAnotherSnapshot() {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    await().until(() -> rig.inForce().version == 7);
    pushDelta(Rig.snapshot("e1", 8, 2), Rig.snapshot("e1", 9, 1));
    await().until(() -> server.watches.get() == 2);
    joined();
    assertThat(server.watchQueries.get(1)).contains("version=7");
    assertThat(rig.inForce().version).isEqualTo(7);
    assertThat(rig.said("a change of version 8 came, but version 7 is in force")).isTrue();
  }

  @Test
  void answersWhatItIsAskedAndGoesOnWhenItCannot() {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    joined();
    server.pushLine("{\"type\":\"explain\",\"id\":\"q1\",\"question\":{\"path\":\"/x\"}}");
    await().until(() -> server.answers.size() == 1);
    assertThat(server.answers.get(0))
        .containsEntry("instance", rig.config.instanceId())
        .containsEntry("question", "q1")
        .containsEntry("answer", Collections.singletonMap("asked", "/x"));
    server.pushLine("{\"type\":\"explain\",\"id\":\"q2\",\"question\":{}}");
    await().until(() -> server.answers.size() == 2);
    assertThat(server.answers.get(1))
        .containsEntry("error", "an empty question")
        .doesNotContainKey("answer");
    server.push(Rig.snapshot("e1", 8, 2));
    await().until(() -> rig.inForce().version == 8);
    assertThat(server.watches).hasValue(1);
  }

  @Test
  void refusesWhatTheDataPlaneCannotCompileAndSaysSo() {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    joined();
    rig.rejectWith = "route x: regular expression is malformed";
    server.push(Rig.snapshot("e1", 8, 2));
    await()
        .until(
            () ->
                server.acks.stream()
                    .anyMatch(ack -> String.valueOf(ack.get("error")).contains("malformed")));
    assertThat(rig.client.status().snapshotVersion()).isEqualTo(7);
    rig.rejectWith = null;
    server.push(Rig.snapshot("e1", 9, 2));
    await().until(() -> rig.inForce().version == 9);
    assertThat(rig.client.status().snapshotError()).isNull();
  }

  @Test
  void refusesAnOlderVersionOfTheSameEpoch() {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    joined();
    server.push(Rig.snapshot("e1", 6, 2));
    await()
        .until(
            () ->
                server.acks.stream()
                    .anyMatch(ack -> String.valueOf(ack.get("error")).contains("older")));
    assertThat(rig.inForce().version).isEqualTo(7);
    server.push(Rig.snapshot("e2", 1, 2));
    await().until(() -> rig.inForce().version == 1);
  }

  @Test
  void remembersWhatARestoredServerHasForgotten() {
    String evil = "spiffe://cluster.local/ns/shop/sa/evil";
    String late = "spiffe://cluster.local/ns/shop/sa/late";
    server.push(withdrawn("e1", 7, false, evil));
    rig.start();
    joined();
    server.push(withdrawn("e2", 1, true));
    await().until(() -> rig.inForce().epoch.equals("e2"));
    assertThat(rig.inForce().withdrawn).containsExactly(evil);
    server.push(withdrawn("e2", 2, true, late));
    await().until(() -> rig.inForce().version == 2);
    assertThat(rig.inForce().withdrawn).containsExactly(evil, late);
    await("the cache")
        .until(
            () ->
                new String(
                        Files.readAllBytes(dir.resolve("cache").resolve("snapshot")),
                        StandardCharsets.UTF_8)
                    .contains("\"withdrawn\":[\"" + evil + "\",\"" + late + "\"]"));
    server.push(withdrawn("e2", 3, false, late));
    await().until(() -> rig.inForce().version == 3);
    assertThat(rig.inForce().withdrawn).containsExactly(late);
  }

  private static Snapshot withdrawn(String epoch, long version, boolean restored, String... ids) {
    return Rig.snapshot(epoch, version, 2).toBuilder()
        .restored(restored)
        .withdrawn(Arrays.asList(ids))
        .build();
  }

  @Test
  void holdsEndpointsThatVanishAllAtOnce() {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    joined();
    server.push(Rig.snapshot("e1", 8, 0));
    await().until(() -> rig.inForce().version == 8);
    assertThat(rig.inForce().services.get(0).endpoints).hasSize(2);
    await()
        .until(
            () -> {
              InstanceReport report = server.instances.get(rig.config.instanceId());
              return report != null && String.valueOf(report.snapshotError).contains("vanished");
            });
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> rig.inForce().services.get(0).endpoints.isEmpty());
    assertThat(rig.said("all endpoints vanished")).isTrue();
  }

  @Test
  void letsGoAtOnceOfWhatAnOperatorHides() {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    joined();
    server.push(hidden("e1", 8, "shop/web@3"));
    await().until(() -> rig.inForce().version == 8);
    assertThat(rig.inForce().services).isEmpty();
    assertThat(rig.said("all endpoints vanished")).isFalse();
    server.push(Rig.snapshot("e1", 9, 2));
    await().until(() -> rig.inForce().version == 9);
    server.push(hidden("e2", 1, "shop/web@3"));
    await().until(() -> rig.inForce().version == 1);
    assertThat(rig.inForce().services).as("by another server, who may have forgotten").hasSize(1);
  }

  private static Snapshot hidden(String epoch, long version, String scope) {
    return Rig.snapshot(epoch, version, 0).toBuilder()
        .services(Collections.emptyList())
        .scope(scope)
        .build();
  }

  @Test
  void survivesAServerThatAcceptsAndSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Rig silentRig =
          new Rig(
              "https://127.0.0.1:" + silent.getLocalPort(),
              server.token.text(),
              dir.resolve("silent"));
      long before = System.nanoTime();
      silentRig.start();
      assertThat(System.nanoTime() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
      assertThat(silentRig.client.awaitFirst(10_000)).isFalse();
      assertThat(silentRig.client.status().lastFailure()).isNotNull();
      long closing = System.nanoTime();
      silentRig.close();
      assertThat(System.nanoTime() - closing).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
    }
  }

  @Test
  void deregistersInTimeWhenTheJvmEnds() {
    rig.start();
    joined();
    long before = System.nanoTime();
    rig.close();
    assertThat(System.nanoTime() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(400));
    assertThat(server.deletions).hasValue(1);
  }

  @Test
  void asksForANewTokenWhenItsIdentityIsRefused() {
    rig.start();
    joined();
    server.fault = FakeControlServer.Fault.REFUSE;
    server.pushLine("");
    await()
        .until(
            () ->
                rig.said("re-join needed: meshctl token create --service orders --namespace shop"));
    await().until(() -> rig.client.status().phase() == ControlStatus.Phase.REFUSED);
    server.fault = FakeControlServer.Fault.NONE;
    joined();
    assertThat(server.joins).as("the identity was restored, no token was needed").hasValue(1);
  }

  @Test
  void waitsForTheTokenFile() throws Exception {
    Path file = dir.resolve("token");
    ControlConfig config =
        ControlConfig.builder(server.url(), "orders")
            .namespace("shop")
            .joinTokenFile(file)
            .cacheDir(dir.resolve("late"))
            .build();
    assertThat(config.port).isEqualTo(server.port());
    Rig late = new Rig(server.url(), null, dir.resolve("late"), file);
    late.start();
    try {
      await().until(() -> late.said("is not there yet"));
      Files.write(file, server.token.text().getBytes(StandardCharsets.US_ASCII));
      await().until(() -> late.client.status().phase() == ControlStatus.Phase.CONNECTED);
    } finally {
      late.close();
    }
  }

  @Test
  void refusesAServerThatIsNotTheTokensOne() throws Exception {
    FakeControlServer other = FakeControlServer.start();
    Rig lost = new Rig(other.url(), server.token.text(), dir.resolve("lost"));
    try {
      lost.start();
      await().until(() -> lost.said("is not the one that made the token"));
      assertThat(other.joins).hasValue(0);
    } finally {
      lost.close();
      other.close();
    }
  }

  @Test
  void refusesAWorkloadThatPosesAsTheControlServer() throws Exception {
    KeyPair keys = TestAuthority.keys();
    X509Certificate workload =
        server.authority.leaf(
            keys.getPublic(),
            new GeneralName(
                GeneralName.uniformResourceIdentifier, "spiffe://cluster.local/ns/shop/sa/evil"),
            Instant.now(),
            Duration.ofHours(1));
    FakeControlServer impostor = FakeControlServer.start(server.authority, keys, workload);
    Rig lost = new Rig(impostor.url(), impostor.token.text(), dir.resolve("lost"));
    try {
      lost.start();
      await().until(() -> lost.said("answers in place of the control server"));
      assertThat(impostor.joins).hasValue(0);
    } finally {
      lost.close();
      impostor.close();
    }
  }

  @Test
  void namesBothClocksWhenTheyDisagree() {
    rig.start(Rig.TIMING, Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)));
    await().until(() -> rig.said("the clock of this machine says"));
    assertThat(rig.lines.toString()).contains("is valid from");
  }

  @Test
  void ignoresACacheThatIsDamagedOrSomebodyElses() throws Exception {
    server.push(Rig.snapshot("e1", 7, 2));
    rig.start();
    rig.client.awaitFirst(10_000);
    rig.close();
    Path stored = dir.resolve("cache").resolve("snapshot");
    byte[] bytes = Files.readAllBytes(stored);
    bytes[bytes.length - 5] ^= 1;
    Files.write(stored, bytes);
    server.kill();
    Rig again = rig().start();
    try {
      await().until(() -> again.said("the cached snapshot is ignored"));
      assertThat(again.snapshots).isEmpty();
      assertThat(again.identities).hasSize(1);
    } finally {
      again.close();
    }
  }

  @Test
  void takesTheNextDirectoryWhenTheFirstIsInUse() throws Exception {
    AgentCache first = AgentCache.open(rig.config, LineLog.to(line -> {}, System::nanoTime));
    AgentCache second = AgentCache.open(rig.config, LineLog.to(line -> {}, System::nanoTime));
    assertThat(first.directory()).isEqualTo(dir.resolve("cache"));
    assertThat(second.directory()).isEqualTo(dir.resolve("cache-2"));
    first.close();
    AgentCache third = AgentCache.open(rig.config, LineLog.to(line -> {}, System::nanoTime));
    assertThat(third.directory()).isEqualTo(dir.resolve("cache"));
    second.close();
    third.close();
  }

  @Test
  void worksWithoutACacheDirectory() throws Exception {
    Path file = dir.resolve("file");
    Files.write(file, new byte[0]);
    Rig without = new Rig(server.url(), server.token.text(), file.resolve("below"));
    without.start();
    try {
      await().until(() -> without.client.status().phase() == ControlStatus.Phase.CONNECTED);
      assertThat(without.said("cannot be used")).isTrue();
    } finally {
      without.close();
    }
  }

  @Test
  void keepsItsTokenOutOfEverythingItSays() {
    Snapshot ignored = Rig.snapshot("e1", 1, 1);
    server.push(ignored);
    server.tokenUsed = true;
    rig.start();
    await().until(() -> rig.said("re-join needed"));
    String secret = AccessToken.parse(server.token.text()).text().split("\\.")[2];
    assertThat(rig.lines.toString()).doesNotContain(secret);
    assertThat(rig.config.toString()).doesNotContain(secret);
  }
}
