package dev.weft.controlserver.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlserver.FakeTime;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.Table;
import dev.weft.policy.AccessToken;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinTokensTest {
  private static final JoinTokens.Grant ORDERS =
      new JoinTokens.Grant("orders", new WorkloadIdentity("cluster.local", "shop", "orders"));

  @TempDir Path directory;
  private final FakeTime time = new FakeTime(Instant.parse("2026-11-21T12:00:00Z"));
  private MeshStore store;
  private JoinTokens tokens;

  @BeforeEach
  void open() {
    store = MeshStore.open(directory);
    tokens = new JoinTokens(store, () -> new byte[32], time, new SecureRandom());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private AccessToken create(Duration ttl, int uses) {
    return AccessToken.parse(tokens.create(ORDERS, ttl, uses).token());
  }

  @Test
  void letsExactlyOneOfAHundredThreadsThrough() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(100);
    int rounds = 20;
    try {
      for (int round = 0; round < rounds; round++) {
        AccessToken token = create(Duration.ofHours(1), 1);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Boolean>> uses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          uses.add(
              threads.submit(
                  () -> {
                    go.await();
                    try {
                      tokens.redeem(token);
                      return true;
                    } catch (Denied denied) {
                      return false;
                    }
                  }));
        }
        go.countDown();
        int successes = 0;
        for (Future<Boolean> use : uses) {
          successes += use.get() ? 1 : 0;
        }
        assertThat(successes).isEqualTo(1);
      }
      System.out.println("join token: " + rounds + " rounds of 100 threads, one success in each");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void countsUsesAcrossARestart() throws Exception {
    AccessToken token = create(Duration.ofHours(1), 2);
    assertThat(tokens.redeem(token).usesLeft()).isEqualTo(1);
    store.close();
    open();
    assertThat(tokens.redeem(token).usesLeft()).isZero();
    assertThatThrownBy(() -> tokens.redeem(token)).hasMessageContaining("used up");
    assertThat(new Workloads(store).standsFor(ORDERS.identity(), "orders")).isTrue();
  }

  @Test
  void expires() throws Exception {
    AccessToken token = create(Duration.ofMinutes(5), 1);
    time.advance(Duration.ofMinutes(5).minusSeconds(1));
    assertThat(tokens.check(token)).isEqualTo(ORDERS);
    time.advance(Duration.ofSeconds(1));
    assertThatThrownBy(() -> tokens.check(token))
        .isInstanceOf(Denied.class)
        .hasMessageContaining("expired at 2026-11-21T12:05:00Z")
        .hasMessageContaining("clock says");
    tokens.removeExpired();
    assertThat(store.entries(Table.JOIN_TOKENS)).isEmpty();
  }

  @Test
  void doesNotKnowATokenWithAnotherSecret() {
    AccessToken token = create(Duration.ofHours(1), 1);
    String[] parts = token.text().split("\\.");
    String forged =
        AccessToken.generate(AccessToken.Kind.JOIN, new byte[32], new SecureRandom()).text();
    AccessToken mixed =
        AccessToken.parse(
            parts[0] + "." + parts[1] + "." + forged.split("\\.")[2] + "." + parts[3]);
    assertThatThrownBy(() -> tokens.check(mixed)).isInstanceOf(Denied.class);
  }

  @Test
  void keepsNoSecret() {
    AccessToken token = create(Duration.ofHours(1), 1);
    String secret = token.text().split("\\.")[2];
    assertThat(store.entries(Table.JOIN_TOKENS).toString()).doesNotContain(secret);
  }

  @Test
  void areTakenAwayWithTheIdentity() {
    AccessToken token = create(Duration.ofHours(1), 1);
    new WithdrawnIdentities(store, time).withdraw(ORDERS.identity(), "stolen");
    assertThatThrownBy(() -> tokens.check(token)).isInstanceOf(Denied.class);
  }

  @Test
  void failuresAreLimitedPerAddressAndMinute() {
    FailureLimit limit = new FailureLimit(2, time);
    assertThat(limit.record("10.0.0.1")).isTrue();
    assertThat(limit.record("10.0.0.1")).isTrue();
    assertThat(limit.record("10.0.0.1")).isFalse();
    assertThat(limit.record("10.0.0.2")).isTrue();
    time.advance(Duration.ofMinutes(1));
    assertThat(limit.record("10.0.0.1")).isTrue();
  }
}
