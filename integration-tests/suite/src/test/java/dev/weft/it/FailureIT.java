package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Load;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A failing instance is hidden by retries, ejected, and comes back; a killed one is not noticed.
 */
class FailureIT {
  private static final String POLICY =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        trafficPolicy:
          outlierDetection:
            consecutive5xxErrors: 3
            interval: 1s
            baseEjectionTime: 3s
            maxEjectionPercent: 50
      ---
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
          timeout: 10s
          retries:
            attempts: 3
            perTryTimeout: 2s
            retryOn: 5xx,reset,connect-failure
      """;

  @Test
  void aThirdOfFailuresAndAKillAreHidden() throws Exception {
    int count = Rig.length(9_000, 30_000);
    int rate = 500;
    try (ControlServer control = ControlServer.start();
        App a = orders(control, "a");
        App b = orders(control, "b");
        App c = orders(control, "c");
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.apply(POLICY);
      control.awaitLive("orders", 3);
      control.awaitLive("shop", 1);
      assertThat(new Load(shop.load("apache", "http://orders/warm", 300, 0, 8)).failed()).isZero();
      long before = served(a) + served(b) + served(c);

      c.get("/fault?rate=0.33");
      long failing = System.nanoTime();
      CompletableFuture<Load> load =
          CompletableFuture.supplyAsync(
              () -> new Load(shop.load("apache", "http://orders/x", count, rate, 32)));
      Awaitility.await("a second of traffic")
          .atMost(Duration.ofSeconds(30))
          .until(() -> served(a) + served(b) > before + rate);
      awaitEjected(c, failing);
      c.get("/fault?rate=0.33");
      long byC = served(c);
      c.kill();
      Load done = load.get(20, TimeUnit.MINUTES);
      long total = served(a) + served(b) + byC - before;
      Rig.figure(
          "failing and killed instance: %s; added load %.1f %%",
          done.line(), 100.0 * (total - count) / count);
      assertThat(done.failed()).as(done.fields().toString()).isZero();
      assertThat(total).as("load with retries").isLessThanOrEqualTo((long) (count * 1.2));

      c.restart();
      long start = System.nanoTime();
      Awaitility.await("the instance to be back in the balance")
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                shop.load("apache", "http://orders/back", 60, 0, 8);
                return served(c) > 3;
              });
      Rig.figure("back in the balance after %.1f s", (System.nanoTime() - start) / 1e9);
    }
  }

  /** Waits until the instance gets no calls for a second; at most 5 s by the promise. */
  private static void awaitEjected(App failing, long start) {
    long[] last = {served(failing), System.nanoTime()};
    Awaitility.await("the failing instance to be ejected")
        .atMost(Duration.ofSeconds(6))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              long now = served(failing);
              if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
              }
              return System.nanoTime() - last[1] > 1_000_000_000L;
            });
    Rig.figure("ejected after %.1f s", (last[1] - start) / 1e9);
  }

  private static long served(App app) {
    return Long.parseLong(app.get("/fault").text().substring("served=".length()));
  }

  private static App orders(ControlServer control, String name) {
    return App.of("orders-" + name).mesh(control, "orders").start();
  }
}
