package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.AccessLog;
import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Limits, egress and telemetry by policy, in applications that go on running. */
class GovernedMeshIT {
  /**
   * Four for all, of which each of two instances has two; a token comes back after half a minute.
   */
  private static final String POLICY =
      """
      apiVersion: weft.dev/v1alpha1
      kind: RateLimit
      metadata: {name: orders}
      spec:
        selector: {matchLabels: {app: orders}}
        limits:
        - name: limited
          rules: [{to: [{operation: {paths: ["/limited"]}}]}]
          by: {identity: true}
          requests: 4
          per: 1m
          scope: SHARED
          maxKeys: 100
      ---
      apiVersion: weft.dev/v1alpha1
      kind: MeshConfig
      metadata: {name: mesh, namespace: istio-system}
      spec:
        trustDomain: cluster.local
        outboundTrafficPolicy: {mode: REGISTRY_ONLY}
      ---
      apiVersion: telemetry.istio.io/v1
      kind: Telemetry
      metadata: {name: refusals}
      spec:
        accessLogging: [{filter: {expression: "response.code == 429 || response.code >= 500"}}]
      """;

  @Test
  void whatPolicySaysHoldsWithoutARestartAndWithoutTheControlServer() {
    try (ControlServer control = ControlServer.start();
        App a = App.of("orders-a").mesh(control, "orders").start();
        App b = App.of("orders-b").mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 2);
      control.awaitLive("shop", 1);
      assertThat(shop.call("huc", "http://orders/before").callStatus()).isEqualTo("200");
      control.apply(POLICY);
      for (App each : List.of(a, b, shop)) {
        Awaitility.await("the policy in force")
            .atMost(Duration.ofSeconds(5))
            .until(() -> "502".equals(each.call("huc", "http://unknown.example/").callStatus()));
      }
      for (String client : List.of("apache", "jdk")) {
        assertThat(shop.call(client, "http://unknown.example/").callStatus())
            .as(client)
            .isEqualTo("502");
      }

      assertThat(served(shop, 24)).as("of four for all instances").isBetween(4, 6);
      assertThat(shop.call("huc", "http://orders/free").callStatus()).isEqualTo("200");
      AccessLog log = a.accessLog().and(b.accessLog());
      log.await("LIMIT;default/orders/limited");
      assertThat(log.lines("/free")).isEmpty();
      assertThat(log.lines("/before")).isNotEmpty();

      control.kill();
      assertThat(served(shop, 10)).as("without the control server").isLessThanOrEqualTo(2);
    }
  }

  private static String sidecar(String mode) {
    return """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: shop}
        spec:
          workloadSelector: {labels: {app: shop}}
          egress: [{hosts: ["./orders.default.svc.cluster.local"]}]
          outboundTrafficPolicy: {mode: %s}
        """
        .formatted(mode);
  }

  @Test
  void aSidecarNarrowsWhatItsWorkloadsKnow() {
    try (ControlServer control = ControlServer.start();
        App orders = App.of("orders").mesh(control, "orders").start();
        App stock = App.of("stock").mesh(control, "stock").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      for (String service : List.of("orders", "stock", "shop")) {
        control.awaitLive(service, 1);
      }
      assertThat(shop.call("huc", "http://stock/").callStatus()).isEqualTo("200");

      control.apply(sidecar("REGISTRY_ONLY"));
      awaitCall(shop, "http://stock/", "502");
      for (String client : List.of("huc", "apache", "jdk")) {
        assertThat(shop.call(client, "http://orders/").callStatus()).as(client).isEqualTo("200");
        assertThat(shop.call(client, "http://stock/").callStatus()).as(client).isEqualTo("502");
        assertThat(shop.call(client, "http://unknown.example/").callStatus())
            .as(client)
            .isEqualTo("502");
      }
      assertThat(orders.call("jdk", "http://stock/").callStatus())
          .as("another workload of the namespace")
          .isEqualTo("200");

      control.apply(sidecar("ALLOW_ANY"));
      Awaitility.await("left to DNS, which knows no stock")
          .atMost(Duration.ofSeconds(5))
          .until(
              () -> {
                App.Answer left = shop.call("huc", "http://stock/");
                return left.callStatus() == null
                    && String.valueOf(left.callError()).contains("UnknownHost");
              });
      String outside = "http://127.0.0.1:" + stock.port() + "/";
      assertThat(shop.call("huc", outside).callStatus()).isEqualTo("200");
      assertThat(shop.call("huc", "http://orders/").callStatus()).isEqualTo("200");

      control.call("DELETE", "/v1/resources/sidecars/default/shop", null);
      awaitCall(shop, "http://stock/", "200");
    }
  }

  private static void awaitCall(App caller, String url, String status) {
    Awaitility.await(url + " to answer " + status)
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(caller.call("huc", url))
                    .hasFieldOrPropertyWithValue("callStatus", status));
  }

  private static int served(App caller, int calls) {
    int served = 0;
    for (int i = 0; i < calls; i++) {
      String status = caller.call("apache", "http://orders/limited").callStatus();
      assertThat(status).isIn("200", "429");
      served += status.equals("200") ? 1 : 0;
    }
    return served;
  }
}
