package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.Collector;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Load;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Spans of both sides, read back as a collector reads them. */
class TracingIT {
  @Test
  void threeServicesShareOneTrace() {
    try (Collector collector = Collector.open();
        ControlServer control = ControlServer.start();
        App stock = traced("stock", control, collector.endpoint());
        App orders = traced("orders", control, collector.endpoint());
        App shop = traced("shop", control, collector.endpoint())) {
      for (String service : List.of("stock", "orders", "shop")) {
        control.awaitLive(service, 1);
      }
      Map<String, String> found = new TreeMap<>();
      for (String client : List.of("huc", "apache", "jdk", "jdk-async")) {
        App.Answer answer =
            shop.call(
                client, "http://orders/call?client=" + client + "&url=http://stock/item-" + client);
        assertThat(answer.callStatus()).isEqualTo("200");
        Awaitility.await("the trace of " + client)
            .atMost(Duration.ofSeconds(15))
            .untilAsserted(() -> assertChain(collector.spans(), client));
        found.put(client, "complete");
      }
      Rig.figure("traces across three services: %s", found);
      assertThat(stock.process().alive() && orders.process().alive()).isTrue();
    }
  }

  /** The shop's client span, orders' server and client span, and the stock's server span. */
  private static void assertChain(List<Collector.Seen> spans, String client) {
    Collector.Seen last =
        spans.stream()
            .filter(s -> s.service().equals("stock") && s.server())
            .filter(s -> s.attribute("url.path").equals("/item-" + client))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no span of stock among " + spans.size()));
    assertThat(last.attribute("http.request.method")).isEqualTo("GET");
    assertThat(last.attribute("http.response.status_code")).isEqualTo("200");
    Collector.Seen ordersClient = Collector.parent(spans, last, "orders", false);
    assertThat(ordersClient.attribute("server.address")).isEqualTo("stock");
    Collector.Seen ordersServer = Collector.parent(spans, ordersClient, "orders", true);
    Collector.Seen shopClient = Collector.parent(spans, ordersServer, "shop", false);
    Collector.parent(spans, shopClient, "shop", true);
  }

  @Test
  void aDeadCollectorCostsNothing() {
    try (ControlServer control = ControlServer.start();
        App orders = traced("orders", control, "http://127.0.0.1:1");
        App shop = traced("shop", control, "http://127.0.0.1:1")) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      Load load = new Load(shop.load("apache", "http://orders/x", 3_000, 300, 8));
      Rig.figure("dead collector: %s", load.line());
      assertThat(load.failed()).isZero();
      assertThat(shop.process().output()).doesNotContain("\tat ");
      long start = System.nanoTime();
      shop.process().stop();
      Rig.figure("exit with a dead collector: %d ms", (System.nanoTime() - start) / 1_000_000);
      assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(3_000);
      assertThat(orders.process().alive()).isTrue();
    }
  }

  private static App traced(String service, ControlServer control, String endpoint) {
    return App.of(service).mesh(control, service).traces(endpoint).start();
  }
}
