package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ByteRecorder;
import dev.weft.it.rig.Collector;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that have a class path of their own: Spring's WebClient, and gRPC over OkHttp, in an
 * application on Reactor Netty.
 */
class ReactiveIT {
  private static final String CALLER = "spiffe://cluster.local/ns/default/sa/shop";

  /** Enough to pick each of two instances. */
  private static final int CALLS = 20;

  private static final String TIMEOUT =
      """
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
          timeout: 2s
      """;

  static Stream<Arguments> ways() {
    Arguments attached = Arguments.of("webclient", "probe.Probe", true);
    Arguments started = Arguments.of("grpc-okhttp", "probe.GrpcProbe", false);
    return Rig.full()
        ? Stream.of(
            attached,
            started,
            Arguments.of("webclient", "probe.Probe", false),
            Arguments.of("grpc-okhttp", "probe.GrpcProbe", true))
        : Stream.of(attached, started);
  }

  @ParameterizedTest(name = "{0}, attach {2}")
  @MethodSource("ways")
  void callsAreSecuredBalancedAndTraced(String client, String server, boolean attach) {
    try (ControlServer control = ControlServer.start();
        Collector collector = Collector.open();
        ByteRecorder recorder = ByteRecorder.open();
        App one = orders("orders-1", server, control, collector, recorder.port());
        App other = orders("orders-2", server, control, collector, 0);
        App shop = shop(control, collector, attach ? client : null, other)) {
      recorder.to(one.port());
      control.awaitLive("orders", 2);
      // Attached to while idle, it tells its port with the first connection.
      assertThat(shop.statusOnNewConnection("/first")).isEqualTo(200);
      control.awaitLive("shop", 1);
      Set<String> served = new HashSet<>();
      for (int i = 0; i < CALLS && served.size() < 2; i++) {
        served.add(called(shop, client, "Secured" + i));
      }
      assertThat(served).containsExactlyInAnyOrder("orders-1", "orders-2");
      assertThat(recorder.connections()).isPositive();
      assertThat(recorder.onlyTls()).as("only TLS between the two").isTrue();
      for (App instance : List.of(one, other)) {
        instance.accessLog().await("\"direction\":\"inbound\"", "/test.Words/Secured", CALLER);
      }

      other.kill();
      for (int i = 0; i < CALLS; i++) {
        assertThat(called(shop, client, "Killed" + i)).isEqualTo("orders-1");
      }
      shop.accessLog().await("\"direction\":\"outbound\"", "/test.Words/Killed", "\"attempts\":2");
      Awaitility.await("one trace through both services")
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertTraced(collector.spans()));
    }
  }

  /**
   * A call of WebClient that is never answered ends when the time of the caller's own call is over,
   * or the application gives it up, and with it what is done for it behind it.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "deadline, 0, HttpTimeoutException, UT",
    "cancellation, 500, java.util.concurrent.TimeoutException, CancellationException"
  })
  void whatNobodyWaitsForEnds(String why, int within, String told, String logged) {
    try (ControlServer control = ControlServer.start();
        App stock = App.of("stock").reactive().mesh(control, "stock").start();
        App orders = App.of("orders").reactive().mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      for (String service : List.of("stock", "orders", "shop")) {
        control.awaitLive(service, 1);
      }
      assertThat(throughOrders(shop, "/before", 0).callStatus()).isEqualTo("200");
      if (within == 0) {
        control.apply(TIMEOUT);
      }
      Awaitility.await("the call to be given up")
          .atMost(Duration.ofSeconds(60))
          .until(() -> throughOrders(shop, "/never", within).text().contains(told));
      orders.accessLog().await("\"direction\":\"outbound\"", "\"path\":\"/never\"", logged);
      stock.accessLog().await("\"direction\":\"inbound\"", "\"path\":\"/never\"", "/sa/orders");
      assertThat(throughOrders(shop, "/after", 0).callStatus()).isEqualTo("200");
    }
  }

  private static App.Answer throughOrders(App shop, String path, int within) {
    return shop.call(
        "jdk",
        "http://orders/call?through=1&client=webclient&within="
            + within
            + "&url=http%3A%2F%2Fstock"
            + path);
  }

  /** The name of the instance that a call came to. */
  private static String called(App shop, String client, String method) {
    App.Answer answer = shop.call(client, "http://orders:8080/test.Words/" + method);
    assertThat(answer.callStatus()).as(answer.callError() + answer.text()).isEqualTo("200");
    return answer.fields().get("instance");
  }

  private static void assertTraced(List<Collector.Seen> spans) {
    Collector.Seen last =
        spans.stream()
            .filter(s -> s.service().equals("orders") && s.server())
            .filter(s -> s.attribute("url.path").equals("/test.Words/Killed" + (CALLS - 1)))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no span of orders among " + spans.size()));
    Collector.Seen sent = Collector.parent(spans, last, "shop", false);
    Collector.parent(spans, sent, "shop", true);
  }

  private static App orders(
      String name, String server, ControlServer control, Collector collector, int port) {
    App.Builder builder =
        App.of(name).main(server).mesh(control, "orders").traces(collector.endpoint());
    if (port > 0) {
      builder.setting("service-port", String.valueOf(port));
    }
    return builder.start();
  }

  /** Attached to when it has called an instance with this client; from the start without. */
  private static App shop(ControlServer control, Collector collector, String used, App called) {
    App.Builder builder =
        App.of("shop").reactive().mesh(control, "shop").traces(collector.endpoint());
    if (used != null) {
      String url = "http://127.0.0.1:" + called.port() + "/test.Words/Before";
      builder.attachAfter(app -> assertThat(app.call(used, url).callStatus()).isEqualTo("200"));
    }
    return builder.start();
  }
}
