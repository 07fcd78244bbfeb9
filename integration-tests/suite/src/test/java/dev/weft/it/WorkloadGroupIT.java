package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Instances that find out by a probe whether they can be called, over real JVMs. */
class WorkloadGroupIT {
  private static final String STRICT =
      """
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: strict}
      spec: {selector: {matchLabels: {app: orders}}, mtls: {mode: STRICT}}
      """;

  private static String group(int port) {
    return """
    apiVersion: networking.istio.io/v1
    kind: WorkloadGroup
    metadata: {name: orders}
    spec:
      metadata: {labels: {tier: back}}
      template: {serviceAccount: orders, weight: 2}
      probe:
        periodSeconds: 1
        failureThreshold: 2
        httpGet: {port: %d, path: /hello}
    """
        .formatted(port);
  }

  @Test
  void anInstanceThatIsNotReadyIsNotCalled() {
    try (ControlServer control = ControlServer.start();
        App orders = App.of("orders").mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      control.apply(STRICT + "---\n" + group(orders.port()));
      Awaitility.await("the probe gets in under STRICT, as its own identity")
          .atMost(Duration.ofSeconds(30))
          .until(() -> control.instance("orders").path("workloadGroup").asText().equals("orders"));
      awaitCall(shop, "200");
      assertThat(control.meshctl("get", "workloadgroup")).contains("orders", "httpGet");

      assertThat(shop.call("huc", "http://orders/fault?rate=1").callStatus()).isEqualTo("200");
      awaitReady(control, false);
      awaitCall(shop, "503");
      assertThat(control.meshctl("status")).contains("not ready");

      assertThat(control.meshctl("delete", "workloadgroup", "orders")).contains("deleted");
      awaitReady(control, true);
    }
  }

  private static void awaitReady(ControlServer control, boolean ready) {
    Awaitility.await("ready " + ready)
        .atMost(Duration.ofSeconds(30))
        .until(() -> control.instance("orders").path("ready").asBoolean() == ready);
  }

  private static void awaitCall(App caller, String status) {
    Awaitility.await("status " + status)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(caller.call("huc", "http://orders/fault").callStatus())
                    .isEqualTo(status));
  }
}
