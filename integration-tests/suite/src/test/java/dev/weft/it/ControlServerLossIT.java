package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Load;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The control server dies under load; nothing changes, also for an application restarted then. */
class ControlServerLossIT {
  private static final String DENY =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata:
        name: no-secrets
      spec:
        action: DENY
        rules:
        - to:
          - operation:
              paths: ["/secret*"]
      """;

  @Test
  void lastKnownGoodCarriesOn() {
    int seconds = Rig.length(15, 60);
    int rate = 200;
    try (ControlServer control = ControlServer.start();
        App a = App.of("orders-a").mesh(control, "orders").start();
        App b = App.of("orders-b").mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start();
        App other = App.of("other").mesh(control, "other").start()) {
      control.apply(DENY);
      control.awaitLive("orders", 2);
      control.awaitLive("shop", 1);
      control.awaitLive("other", 1);
      Awaitility.await("the policy in force")
          .atMost(Duration.ofSeconds(5))
          .until(() -> "403".equals(shop.call("huc", "http://orders/secret").callStatus()));
      control.kill();
      CompletableFuture<Load> load =
          CompletableFuture.supplyAsync(
              () -> new Load(shop.load("apache", "http://orders/x", seconds * rate, rate, 16)));

      other.kill();
      other.restart();
      Awaitility.await("the restarted application to call with its kept identity")
          .atMost(Duration.ofSeconds(15))
          .until(() -> "200".equals(other.call("huc", "http://orders/again").callStatus()));
      assertThat(other.call("jdk", "http://orders/secret").callStatus()).isEqualTo("403");
      a.accessLog().and(b.accessLog()).await("/again", "/sa/other");
      b.kill();
      b.restart();
      Awaitility.await("the restarted server to enforce the last policy")
          .atMost(Duration.ofSeconds(15))
          .until(() -> b.get("/secret").status() == 403);

      Load done = load.join();
      Rig.figure("control server dead for %d s: %s", seconds, done.line());
      assertThat(done.failed()).as(done.fields().toString()).isZero();

      control.restart();
      long start = System.nanoTime();
      control.awaitLive("orders", 2);
      control.awaitLive("shop", 1);
      control.awaitLive("other", 1);
      Rig.figure("agents back after %.1f s", (System.nanoTime() - start) / 1e9);
      control.apply(DENY.replace("/secret*", "/closed*"));
      Awaitility.await("new policy reaches the agents again")
          .atMost(Duration.ofSeconds(5))
          .until(
              () ->
                  "403".equals(shop.call("huc", "http://orders/closed").callStatus())
                      && "200".equals(shop.call("huc", "http://orders/secret").callStatus()));
    }
  }
}
