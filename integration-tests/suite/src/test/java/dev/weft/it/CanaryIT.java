package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Load;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Weighted routing, moved while traffic runs. */
class CanaryIT {
  private static final String SUBSETS =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        subsets:
        - name: v1
          labels:
            version: v1
        - name: v2
          labels:
            version: v2
      ---
      """;

  private static String split(int v1) {
    return SUBSETS
        + """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: orders
        spec:
          hosts:
          - orders
          http:
          - route:
            - destination:
                host: orders
                subset: v1
              weight: %d
            - destination:
                host: orders
                subset: v2
              weight: %d
        """
            .formatted(v1, 100 - v1);
  }

  @Test
  void movesFromNinetyTenToHalfAndHalfWithoutAFailure() {
    try (ControlServer control = ControlServer.start();
        App v1 = orders(control, "v1");
        App v2 = orders(control, "v2");
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 2);
      control.awaitLive("shop", 1);
      control.apply(split(90));
      awaitShare(shop, 0.90);
      Load ninety = load(shop, 10_000, 0);
      assertThat(ninety.failed()).as(ninety.line()).isZero();
      double share = ninety.by("orders-v1") / 10_000.0;
      Rig.figure("canary 90/10: %s, share of v1 %.4f", ninety.line(), share);
      assertThat(share).isCloseTo(0.90, within(0.01));

      CompletableFuture<Load> moving =
          CompletableFuture.supplyAsync(() -> load(shop, Rig.length(3_000, 15_000), 500));
      Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
      control.apply(split(50));
      Load moved = moving.join();
      Rig.figure(
          "canary moved live: %s, v1 %d, v2 %d",
          moved.line(), moved.by("orders-v1"), moved.by("orders-v2"));
      assertThat(moved.failed()).as(moved.fields().toString()).isZero();
      int draws = Rig.length(2_500, 10_000);
      Load half = load(shop, draws, 0);
      double now = half.by("orders-v1") / (double) draws;
      Rig.figure("canary 50/50: %s, share of v1 %.4f", half.line(), now);
      assertThat(half.failed()).isZero();
      // Four standard deviations.
      assertThat(now).isCloseTo(0.50, within(4 * 0.5 / Math.sqrt(draws)));
      assertThat(v1.process().alive() && v2.process().alive()).isTrue();
    }
  }

  private static void awaitShare(App shop, double share) {
    Awaitility.await("the split in force")
        .atMost(Duration.ofSeconds(30))
        .until(() -> Math.abs(load(shop, 400, 0).by("orders-v1") / 400.0 - share) < 0.06);
  }

  private static Load load(App shop, int count, int rate) {
    return new Load(shop.load("apache", "http://orders/x", count, rate, 16));
  }

  private static App orders(ControlServer control, String version) {
    return App.of("orders-" + version)
        .mesh(control, "orders")
        .setting("labels", "version=" + version)
        .start();
  }
}
