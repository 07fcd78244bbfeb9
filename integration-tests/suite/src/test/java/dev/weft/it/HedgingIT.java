package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An instance that hangs, its connections open, is answered for by another one. */
class HedgingIT {
  private static final String RULE =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
        annotations:
          weft.dev/hedge-after: 100ms
      spec:
        host: orders
        trafficPolicy:
          loadBalancer:
            simple: ROUND_ROBIN
          retryBudget:
            percent: 100
      """;

  @ParameterizedTest(name = "{0}")
  @CsvSource({"jdk, HTTP/1.1", "jdk-h2, HTTP/2.0", "apache5-async, HTTP/1.1"})
  void aCallDoesNotWaitForAnInstanceThatHangs(String client, String protocol) throws Exception {
    Path kill = Path.of("/bin/kill");
    assumeTrue(Files.isExecutable(kill), "SKIPPED: no " + kill + ", which stops a process");
    try (ControlServer control = ControlServer.start();
        App one = App.of("orders-1").mesh(control, "orders").argument("h2c").start();
        App other = App.of("orders-2").mesh(control, "orders").argument("h2c").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 2);
      control.awaitLive("shop", 1);
      control.apply(RULE);
      String[] last = {""};
      Awaitility.await("both to be called")
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                App.Answer answer = shop.call(client, "http://orders/a");
                last[0] = answer.fields().get("instance");
                return answer.callStatus().equals("200") && both(one, other);
              });

      // A first call takes long enough to be hedged, and the one that was too late, cancelled: on
      // its
      // connection the next call depends.
      App hanging = "orders-1".equals(last[0]) ? one : other;
      signal(kill, "-STOP", hanging);
      long slowest = 0;
      try {
        for (int i = 0; i < 20; i++) {
          long begin = System.nanoTime();
          App.Answer answer = shop.call(client, "http://orders/b?n=" + i);
          slowest = Math.max(slowest, System.nanoTime() - begin);
          assertThat(answer.callStatus()).as(answer.callError() + answer.text()).isEqualTo("200");
          assertThat(answer.fields()).containsEntry("protocol", protocol);
        }
      } finally {
        signal(kill, "-CONT", hanging);
      }
      Rig.figure(
          "hedged past an instance that hangs, %s: slowest of 20 calls %d ms",
          client, slowest / 1_000_000);
      assertThat(slowest).isLessThan(Duration.ofSeconds(5).toNanos());
      shop.accessLog().await("\"direction\":\"outbound\"", "\"attempts\":2", "\"status\":200");
    }
  }

  private static boolean both(App one, App other) {
    return served(one) > 0 && served(other) > 0;
  }

  private static int served(App app) {
    return Integer.parseInt(app.get("/fault").fields().get("served"));
  }

  private static void signal(Path kill, String name, App app) throws Exception {
    String pid = String.valueOf(app.process().pid());
    assertThat(new ProcessBuilder(kill.toString(), name, pid).start().waitFor()).isZero();
  }
}
