package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Load;
import dev.weft.it.rig.PemIdentity;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The root certificate replaced while applications call each other. */
class RootReplacementIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String OK = "HTTP/1.1 200";

  @Test
  void noRequestFails() {
    int rate = Rig.length(30, 100);
    int count = 60 * rate;
    try (ControlServer control = ControlServer.start("--leaf-ttl", "20s");
        App orders = App.of("orders").mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      String roots = PemIdentity.join(control, "other").roots();
      List<CompletableFuture<Load>> loads = new ArrayList<>();
      for (String client : List.of("huc", "apache", "jdk")) {
        loads.add(
            CompletableFuture.supplyAsync(
                () -> new Load(shop.load(client, "http://orders/" + client, count, rate, 8))));
      }
      step(control, "prepare");
      step(control, "promote");
      control.kill();
      control.restart();
      step(control, "finish");
      assertThat(loads).as("the load went on till the end").noneMatch(CompletableFuture::isDone);
      assertThat(PemIdentity.join(control, "other").roots()).doesNotContain(roots);
      for (CompletableFuture<Load> load : loads) {
        Load done = load.join();
        Rig.figure("root replaced under load, server killed in the midst: %s", done.line());
        assertThat(done.failed()).as(done.fields().toString()).isZero();
      }
      assertThat(orders.process().alive()).isTrue();
    }
  }

  @Test
  void whatTheOldRootSignedIsTrustedNoMore() {
    try (ControlServer control = ControlServer.start();
        App orders = App.of("orders").mesh(control, "orders").start()) {
      control.awaitLive("orders", 1);
      PemIdentity old = PemIdentity.join(control, "other");
      assertThat(old.get(orders.port(), "/x")).isEqualTo(OK);
      step(control, "prepare");
      step(control, "promote");
      PemIdentity renewed = PemIdentity.join(control, "other");
      assertThat(renewed.get(orders.port(), "/x")).isEqualTo(OK);
      assertThat(old.get(orders.port(), "/x")).isEqualTo(OK);
      long start = System.nanoTime();
      Awaitility.await("the instances to renew")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> control.meshctl("ca", "status").contains("have renewed theirs"));
      Rig.figure("renewed after %.1f s", (System.nanoTime() - start) / 1e9);
      control.meshctl("ca", "rotate", "finish", "--force");
      Awaitility.await("the old root to be trusted no more")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(old.get(orders.port(), "/x")).startsWith("refused"));
      assertThat(renewed.get(orders.port(), "/x")).isEqualTo(OK);
      assertThat(orders.process().output()).doesNotContain("re-join");
    }
  }

  /** As soon as the server finds that nothing would fail by it. */
  private static void step(ControlServer control, String name) {
    long start = System.nanoTime();
    Awaitility.await(name)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .until(() -> !control.meshctl("ca", "rotate", name).isEmpty());
    Rig.figure("%s possible after %.1f s", name, (System.nanoTime() - start) / 1e9);
  }
}
