package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A withdrawn identity is refused, with its live connections and its resumable sessions. */
class WithdrawnIdentityIT {
  @Test
  void aWithdrawnClientIsRefused() {
    try (ControlServer control = ControlServer.start();
        App orders = App.of("orders").mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start();
        App other = App.of("other").mesh(control, "other").start()) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      control.awaitLive("other", 1);
      List<String> clients = List.of("huc", "apache", "jdk");
      for (String client : clients) {
        assertThat(shop.call(client, "http://orders/before").callStatus()).isEqualTo("200");
      }
      var answer =
          control.call(
              "POST",
              "/v1/identities/withdraw",
              "{\"spiffeId\":\"spiffe://cluster.local/ns/default/sa/shop\",\"reason\":\"test\"}");
      assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
      long start = System.nanoTime();
      Awaitility.await("the withdrawn client to be refused")
          .atMost(Duration.ofSeconds(5))
          .pollInterval(Duration.ofMillis(20))
          .until(
              () ->
                  clients.stream()
                      .noneMatch(
                          c -> "200".equals(shop.call(c, "http://orders/during").callStatus())));
      Rig.figure("withdrawn: refused after %.0f ms", (System.nanoTime() - start) / 1e6);
      String served = orders.get("/fault").text();
      for (String client : clients) {
        for (int i = 0; i < 5; i++) {
          assertThat(shop.call(client, "http://orders/after").callStatus()).isNotEqualTo("200");
        }
      }
      assertThat(orders.get("/fault").text()).as("calls that reached the server").isEqualTo(served);
      assertThat(other.call("huc", "http://orders/other").callStatus()).isEqualTo("200");
    }
  }
}
