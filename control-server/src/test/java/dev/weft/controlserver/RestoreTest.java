package dev.weft.controlserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.controlserver.store.Backup;
import dev.weft.policy.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server started on an older copy of its data: what it has forgotten must not come back. */
class RestoreTest {
  private static final String ORDERS =
      "{\"spiffeId\":\"spiffe://cluster.local/ns/shop/sa/orders\"}";

  @TempDir Path directory;

  /** What happens after the copy was made: two tokens used, one identity withdrawn. */
  private record Lost(String usedToken, Snapshot last) {}

  private static Lost goOn(TestServer server, TestAgent web, String token) {
    KeyPair key = TestPki.ec("secp256r1");
    server.join(token, "web", TestPki.csrText(key)).ok();
    server.admin("POST", "/v1/identities/withdraw", ORDERS).ok();
    web.register(0, Map.of());
    TestAgent.Stream watch = web.watch(0, "");
    Snapshot last = watch.nextSnapshot();
    while (last.withdrawn.isEmpty()) {
      last = watch.nextSnapshot();
    }
    return new Lost(token, last);
  }

  private static void assertRestored(TestServer server, TestAgent web, Lost lost) {
    TestAgent back = web.at(server);
    back.register(0, Map.of());
    Snapshot first = back.watch(lost.last().version, lost.last().epoch).nextSnapshot();
    assertThat(first.epoch).isNotEqualTo(lost.last().epoch);
    assertThat(first.restored).isTrue();
    assertThat(first.withdrawn).isEmpty();
    KeyPair key = TestPki.ec("secp256r1");
    assertThat(server.join(lost.usedToken(), "web", TestPki.csrText(key)).status()).isEqualTo(401);
    assertThat(server.admin("GET", "/v1/version", null).ok().path("restored").asText())
        .isNotEmpty();
    assertThat(server.anonymous("GET", "/metrics", null).body()).contains("weft_restored 1");
    assertThat(server.audit.toString()).contains("\"event\":\"restored\"");

    String fresh = server.token("web", 1);
    TestAgent.Stream again = back.watch(lost.last().version, lost.last().epoch);
    assertThat(again.nextSnapshot().restored).isTrue();
    server.join(fresh, "web", TestPki.csrText(key)).ok();

    server.admin("POST", "/v1/identities/withdraw", ORDERS).ok();
    assertThat(again.nextSnapshot().restored).isTrue();
    server.admin("POST", "/v1/restored/confirm", "{}").ok();
    Snapshot confirmed = again.nextSnapshot();
    assertThat(confirmed.restored).isFalse();
    assertThat(confirmed.withdrawn).hasSize(1);
    assertThat(server.admin("POST", "/v1/restored/confirm", "{}").status()).isEqualTo(404);
  }

  @Test
  void knowsABackupThatWasMadeWhileItRan() {
    Lost lost;
    TestAgent web;
    Path copy = directory.resolve("copy");
    try (TestServer server = TestServer.start(directory.resolve("data"))) {
      web = server.agent("web", "web-1");
      String token = server.token("web", 1);
      Backup.make(server.directory, copy, Clock.systemUTC());
      lost = goOn(server, web, token);
    }
    try (TestServer server = TestServer.start(copy)) {
      assertRestored(server, web, lost);
    }
    try (TestServer server = TestServer.start(copy)) {
      assertThat(server.admin("GET", "/v1/version", null).ok().path("restored").isNull()).isTrue();
    }
  }

  /** Nothing in the copy says that it is one: an agent's memory gives it away. */
  @Test
  void learnsFromAgentsThatItsDirectoryIsAnOldOne() throws IOException {
    TestAgent web;
    String token;
    Path data = directory.resolve("data");
    Path copy = directory.resolve("copy");
    try (TestServer server = TestServer.start(data)) {
      web = server.agent("web", "web-1");
      token = server.token("web", 1);
    }
    copyByHand(data, copy);
    Lost lost;
    try (TestServer server = TestServer.start(data)) {
      lost = goOn(server, web.at(server), token);
    }
    try (TestServer server = TestServer.start(copy)) {
      assertThat(server.admin("GET", "/v1/version", null).ok().path("restored").isNull()).isTrue();
      assertRestored(server, web, lost);
    }
  }

  @Test
  void anEpochThatNobodyIssuedProvesNothing() {
    try (TestServer server = TestServer.start(directory)) {
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of());
      String token = server.token("web", 1);
      Snapshot first = web.watch(0, "").nextSnapshot();
      String[] parts = first.epoch.split("-");
      String forged = Long.parseLong(parts[0]) + 1 + "-" + parts[1] + "-" + parts[2];
      for (String epoch : new String[] {forged, "e", "", "999999999999999999999-a-b"}) {
        assertThat(web.watch(1, epoch).nextSnapshot().restored).isFalse();
      }
      server.join(token, "web", TestPki.csrText(TestPki.ec("secp256r1"))).ok();
    }
  }

  @Test
  void aRestartIsNoRestore() {
    TestAgent web;
    Snapshot last;
    try (TestServer server = TestServer.start(directory)) {
      web = server.agent("web", "web-1");
      web.register(0, Map.of());
      last = web.watch(0, "").nextSnapshot();
    }
    for (int round = 0; round < 3; round++) {
      try (TestServer server = TestServer.start(directory)) {
        TestAgent back = web.at(server);
        back.register(0, Map.of());
        Snapshot next = back.watch(last.version, last.epoch).nextSnapshot();
        assertThat(next.restored).isFalse();
        assertThat(next.version).isGreaterThan(last.version);
        last = next;
      }
    }
  }

  @Test
  void refusesToBackUpNothingOrOverSomething() throws IOException {
    Path target = directory.resolve("copy");
    assertThatThrownBy(() -> Backup.make(directory, target, Clock.systemUTC()))
        .hasMessageContaining("no data directory");
    try (TestServer server = TestServer.start(directory.resolve("data"))) {
      Files.createDirectories(target);
      Files.createFile(target.resolve("precious"));
      assertThatThrownBy(() -> Backup.make(server.directory, target, Clock.systemUTC()))
          .hasMessageContaining("is not empty");
    }
  }

  /** Copies of a store under load open, each at a whole commit. */
  @Test
  void copiesWhileItIsWrittenTo() {
    try (TestServer server = TestServer.start(directory.resolve("data"))) {
      AtomicBoolean stop = new AtomicBoolean();
      Thread writer =
          new Thread(
              () -> {
                while (!stop.get()) {
                  server.token("web", 1);
                }
              });
      writer.start();
      try {
        for (int copy = 0; copy < 5; copy++) {
          Path target = directory.resolve("copy" + copy);
          Backup.make(server.directory, target, Clock.systemUTC());
          TestServer.start(target).close();
        }
      } finally {
        stop.set(true);
        await().until(() -> !writer.isAlive());
      }
    }
  }

  private static void copyByHand(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
