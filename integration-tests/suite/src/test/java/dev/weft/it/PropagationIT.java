package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From {@code apply} to policy in force in a running service. */
@Tag("alone")
class PropagationIT {
  private static String deny(String path) {
    return """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata:
          name: gate
        spec:
          action: DENY
          rules:
          - to:
            - operation:
                paths: ["%s"]
        """
        .formatted(path);
  }

  @Test
  void policyIsInForceWithinASecond() {
    int rounds = Rig.length(30, 200);
    long[] micros = new long[rounds];
    try (ControlServer control = ControlServer.start();
        App orders = App.of("orders").mesh(control, "orders").start()) {
      control.awaitLive("orders", 1);
      control.apply(deny("/none"));
      for (int i = 0; i < rounds; i++) {
        String path = "/closed-" + i;
        assertThat(orders.get(path).status()).isEqualTo(200);
        long start = System.nanoTime();
        control.apply(deny(path));
        Awaitility.await("denial of " + path)
            .atMost(Duration.ofSeconds(5))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> orders.get(path).status() == 403);
        micros[i] = (System.nanoTime() - start) / 1000;
      }
    }
    Arrays.sort(micros);
    Rig.figure(
        "apply to in force, %d rounds: p50 %d ms, p99 %d ms, max %d ms",
        rounds,
        micros[rounds / 2] / 1000,
        micros[(int) (rounds * 0.99)] / 1000,
        micros[rounds - 1] / 1000);
    assertThat(micros[(int) (rounds * 0.99)]).isLessThan(1_000_000);
  }
}
