package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Load;
import dev.weft.it.rig.Rig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Certificates that live 20 s, under load with keep-alive. */
class RotationIT {
  @Test
  void rotationDropsNoRequest() {
    int seconds = Rig.length(60, 300);
    int rate = Rig.length(30, 100);
    try (ControlServer control = ControlServer.start("--leaf-ttl", "20s");
        App orders = App.of("orders").mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      List<CompletableFuture<Load>> loads = new ArrayList<>();
      for (String client : List.of("huc", "apache", "jdk")) {
        loads.add(
            CompletableFuture.supplyAsync(
                () ->
                    new Load(
                        shop.load(client, "http://orders/" + client, seconds * rate, rate, 8))));
      }
      Set<String> leavesOfOrders = new LinkedHashSet<>();
      Set<String> leavesOfShop = new LinkedHashSet<>();
      Awaitility.await("the loads to end")
          .atMost(java.time.Duration.ofSeconds(seconds + 120L))
          .pollInterval(java.time.Duration.ofMillis(500))
          .until(
              () -> {
                control
                    .instances()
                    .forEach(
                        i ->
                            (i.path("service").asText().equals("orders")
                                    ? leavesOfOrders
                                    : leavesOfShop)
                                .add(i.path("certificateNotAfter").asText()));
                return loads.stream().allMatch(CompletableFuture::isDone);
              });
      int expected = Rig.full() ? 10 : 3;
      for (CompletableFuture<Load> load : loads) {
        Load done = load.join();
        Rig.figure("rotation every ~13 s for %d s: %s", seconds, done.line());
        assertThat(done.failed()).as(done.fields().toString()).isZero();
      }
      Rig.figure(
          "rotations seen: orders %d, shop %d", leavesOfOrders.size() - 1, leavesOfShop.size() - 1);
      assertThat(leavesOfOrders.size() - 1).isGreaterThanOrEqualTo(expected);
      assertThat(leavesOfShop.size() - 1).isGreaterThanOrEqualTo(expected);
      assertThat(orders.process().alive()).isTrue();
    }
  }
}
