package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Load;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The instance of the caller's own locality is called; the other one stands in for it. */
class LocalityIT {
  private static final String POLICY =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        trafficPolicy:
          outlierDetection:
            consecutive5xxErrors: 3
            maxEjectionPercent: 100
      """;

  @Test
  void theFarInstanceStandsInForTheNearOne() {
    try (ControlServer control = ControlServer.start();
        App near = placed(control, "near", "orders", "eu/a/1");
        App far = placed(control, "far", "orders", "us/a/1");
        App shop = placed(control, "shop", "shop", "eu/a/1")) {
      control.awaitLive("orders", 2);
      control.awaitLive("shop", 1);
      assertThat(load(shop, 200).by("far")).as("without a rule").isPositive();
      control.apply(POLICY);
      Awaitility.await("the preference in force")
          .atMost(Duration.ofSeconds(30))
          .until(() -> load(shop, 100).by("far") == 0);
      Load preferred = load(shop, 1_000);
      assertThat(preferred.failed()).as(preferred.line()).isZero();
      assertThat(preferred.by("near")).isEqualTo(1_000);

      near.kill();
      Load standIn = load(shop, 1_000);
      Rig.figure("locality, the near instance killed: %s", standIn.line());
      assertThat(standIn.failed()).as(standIn.fields().toString()).isZero();
      assertThat(standIn.by("far")).isEqualTo(1_000);
      assertThat(far.process().alive()).isTrue();
    }
  }

  private static Load load(App shop, int count) {
    return new Load(shop.load("apache", "http://orders/x", count, 0, 8));
  }

  private static App placed(ControlServer control, String name, String service, String locality) {
    return App.of(name).mesh(control, service).setting("locality", locality).start();
  }
}
