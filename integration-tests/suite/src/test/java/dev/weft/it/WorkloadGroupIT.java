package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Load;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What instances have from their group: a probe, and where they are; over real JVMs. */
class WorkloadGroupIT {
  private static final String STRICT =
      """
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: strict}
      spec: {selector: {matchLabels: {app: orders}}, mtls: {mode: STRICT}}
      """;

  /** Localities count only where ejection lets another one stand in (ADR 0150). */
  private static final String PREFERENCE =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders}
      spec: {host: orders, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 3}}}
      """;

  private static final int CALLS = 100;

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

  @Test
  void theLocalityOfItsGroupHoldsForAnInstancesOwnCalls() {
    try (ControlServer control = ControlServer.start();
        App near = App.of("near").mesh(control, "orders").setting("locality", "eu/a/1").start();
        App far = App.of("far").mesh(control, "orders").setting("locality", "us/a/1").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 2);
      control.awaitLive("shop", 1);
      control.apply(PREFERENCE);
      Awaitility.await("both, as nobody knows where the caller is")
          .atMost(Duration.ofSeconds(30))
          .until(() -> load(shop).by("near") > 0 && load(shop).by("far") > 0);

      control.apply(placed("eu/a/1"));
      Awaitility.await("the near one only")
          .atMost(Duration.ofSeconds(30))
          .until(() -> load(shop).by("near") == CALLS);
      control.apply(placed("us/a/1"));
      Awaitility.await("the other one is near now")
          .atMost(Duration.ofSeconds(30))
          .until(() -> load(shop).by("far") == CALLS);
      control.meshctl("delete", "workloadgroup", "shop");
      Awaitility.await("both again")
          .atMost(Duration.ofSeconds(30))
          .until(() -> load(shop).by("near") > 0 && load(shop).by("far") > 0);
      assertThat(near.process().alive() && far.process().alive()).isTrue();
    }
  }

  private static String placed(String locality) {
    return """
    apiVersion: networking.istio.io/v1
    kind: WorkloadGroup
    metadata: {name: shop}
    spec: {template: {locality: %s}}
    """
        .formatted(locality);
  }

  private static Load load(App shop) {
    return new Load(shop.load("apache", "http://orders/x", CALLS, 0, 4));
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
