package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Of three services in a row the one next to the failure repeats calls, the one before does not.
 */
class RetriesOverHopsIT {
  @ParameterizedTest(name = "{0}, reactive {1}")
  @CsvSource({"apache, false", "webclient, true"})
  void onlyTheHopNextToAFailureRepeats(String client, boolean reactive) {
    App.Builder between = reactive ? App.of("orders").reactive() : App.of("orders");
    try (ControlServer control = ControlServer.start();
        App stock = App.of("stock").mesh(control, "stock").start();
        App orders = between.mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("stock", 1);
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      String throughOrders =
          "http://orders/call?through=1&client=" + client + "&url=http%3A%2F%2Fstock%2F";
      assertThat(shop.call("huc", throughOrders).callStatus()).isEqualTo("200");
      stock.get("/fault?rate=1");
      int before = served(stock);
      assertThat(shop.call("huc", throughOrders).callStatus()).isEqualTo("503");
      assertThat(served(stock) - before).as("one and two retries").isEqualTo(3);
      Awaitility.await("nor was it repeated before")
          .atMost(Duration.ofSeconds(5))
          .until(() -> failed(shop, "outbound") == 1 && failed(orders, "inbound") == 1);
      assertThat(failed(orders, "outbound")).isEqualTo(1);
    }
  }

  /** Lines of the access log for calls that ended with 503. */
  private static long failed(App app, String direction) {
    return app.accessLog().lines("\"direction\":\"" + direction + "\"", "\"status\":503").size();
  }

  private static int served(App app) {
    return Integer.parseInt(app.get("/fault").fields().get("served"));
  }
}
