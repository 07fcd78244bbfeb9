package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who may call what, by identity and path; denied requests never reach the application. */
class AuthorizationIT {
  private static final String ONLY_SHOP =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata:
        name: only-shop
      spec:
        selector:
          matchLabels:
            app: orders
        action: ALLOW
        rules:
        - from:
          - source:
              principals: ["cluster.local/ns/default/sa/shop"]
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata:
        name: no-admin
      spec:
        selector:
          matchLabels:
            app: orders
        action: DENY
        rules:
        - to:
          - operation:
              paths: ["/admin", "/admin/*"]
      """;

  @Test
  void identityAndPathDecide() {
    try (ControlServer control = ControlServer.start();
        App orders =
            App.of("orders").mesh(control, "orders").setting("labels", "app=orders").start();
        App shop = App.of("shop").mesh(control, "shop").start();
        App other = App.of("other").mesh(control, "other").start()) {
      for (String service : List.of("orders", "shop", "other")) {
        control.awaitLive(service, 1);
      }
      assertThat(other.call("huc", "http://orders/x").callStatus()).isEqualTo("200");
      control.apply(ONLY_SHOP);
      Awaitility.await("the other caller to be refused")
          .atMost(Duration.ofSeconds(5))
          .until(() -> "403".equals(other.call("huc", "http://orders/x").callStatus()));
      for (String client : List.of("huc", "apache", "jdk", "jdk-async", "jdk-h2")) {
        assertThat(servedBy(other, client, "http://orders/x")).as(client).isEqualTo("403");
        assertThat(servedBy(shop, client, "http://orders/x")).as(client).isEqualTo("200");
        for (String path :
            List.of("/admin", "/admin/users", "//admin/users", "/x/../admin/users", "/%61dmin/u")) {
          assertThat(servedBy(shop, client, "http://orders" + path))
              .as(client + " " + path)
              .isIn("403", "400");
        }
        assertThat(servedBy(shop, client, "http://orders/adminx")).as(client).isEqualTo("200");
      }
      assertThat(orders.get("/x").status()).isEqualTo(403);
      assertThat(orders.process().output()).doesNotContain("\tat ");
    }
  }

  private static String servedBy(App caller, String client, String url) {
    return caller.call(client, url).callStatus();
  }
}
