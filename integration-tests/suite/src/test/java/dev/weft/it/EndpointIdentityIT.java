package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An endpoint that policy gives by hand is spoken to over mTLS, as who policy says it is. */
class EndpointIdentityIT {
  private static final String ONLY_SHOP_OVER_TLS =
      """
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: strict}
      spec:
        selector: {matchLabels: {app: orders}}
        mtls: {mode: STRICT}
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: only-shop}
      spec:
        selector: {matchLabels: {app: orders}}
        rules:
        - from: [{source: {serviceAccounts: [shop]}}]
      """;

  private static final String BY_HAND =
      """
      apiVersion: networking.istio.io/v1
      kind: WorkloadEntry
      metadata: {name: vm}
      spec: {address: 127.0.0.1, ports: {http: %d}, labels: {app: legacy}, serviceAccount: %s}
      ---
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: legacy}
      spec:
        hosts: [legacy.example]
        location: MESH_INTERNAL
        resolution: STATIC
        ports: [{number: 80, name: http, protocol: HTTP}]
        workloadSelector: {labels: {app: legacy}}
      """;

  @Test
  void anEndpointGivenByHandMustBeWhoItIsSaidToBe() {
    try (ControlServer control = ControlServer.start();
        App orders = App.of("orders").mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      List<String> clients = List.of("huc", "apache", "jdk", "jdk-async", "jdk-h2");
      control.apply(ONLY_SHOP_OVER_TLS);
      for (String account : List.of("orders", "billing", "orders")) {
        control.apply(BY_HAND.formatted(orders.port(), account));
        boolean right = account.equals("orders");
        for (String client : clients) {
          Awaitility.await(client + " to a server that is to be " + account)
              .atMost(Duration.ofSeconds(5))
              .until(() -> "200".equals(call(shop, client, "/first")) == right);
        }
        for (int i = 0; i < 3; i++) {
          for (String client : clients) {
            assertThat("200".equals(call(shop, client, "/as-" + account)))
                .as(client + " to a server that is to be " + account)
                .isEqualTo(right);
          }
        }
      }
      orders.accessLog().await("/as-orders");
      assertThat(orders.accessLog().lines("/as-billing")).isEmpty();
      assertThat(shop.process().output()).doesNotContain("\tat ");
    }
  }

  private static String call(App shop, String client, String path) {
    return shop.call(client, "http://legacy.example" + path).callStatus();
  }
}
