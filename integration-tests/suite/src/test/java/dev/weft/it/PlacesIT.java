package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Calls beyond {@code maxConnections} wait while a server hangs, and go on when it does. */
class PlacesIT {
  private static final String RULE =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders}
      spec:
        host: orders
        trafficPolicy:
          connectionPool:
            tcp: {maxConnections: 1}
            http: {http1MaxPendingRequests: 2}
      """;

  @Test
  void callsWaitForAPlace() throws Exception {
    Path kill = Path.of("/bin/kill");
    assumeTrue(Files.isExecutable(kill), "SKIPPED: no " + kill + ", which stops a process");
    ExecutorService callers = Executors.newCachedThreadPool();
    try (ControlServer control = ControlServer.start();
        App orders = App.of("orders").mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      control.apply(RULE);
      for (String client : List.of("huc", "jdk", "apache5-async")) {
        awaitLimit(control);
        Awaitility.await("a call by " + client)
            .atMost(Duration.ofSeconds(20))
            .until(() -> shop.call(client, "http://orders/a").callStatus().equals("200"));
        List<String> statuses = whileItHangs(orders, kill, callers, shop, client);
        assertThat(statuses).as(client).containsExactlyInAnyOrder("200", "200", "200", "503");
      }
      awaitLimit(control);
    } finally {
      callers.shutdownNow();
    }
  }

  /** How four calls end that are made while the server hangs. */
  private static List<String> whileItHangs(
      App orders, Path kill, ExecutorService callers, App shop, String client) throws Exception {
    List<Future<App.Answer>> calls = new ArrayList<>();
    signal(kill, "-STOP", orders);
    try {
      for (int i = 0; i < 4; i++) {
        calls.add(callers.submit(() -> shop.call(client, "http://orders/a")));
      }
      // One is under way, two wait, and the fourth is one too many.
      Awaitility.await("a refusal")
          .atMost(Duration.ofSeconds(20))
          .until(() -> calls.stream().anyMatch(Future::isDone));
      assertThat(calls).as(client).filteredOn(Future::isDone).hasSize(1);
    } finally {
      signal(kill, "-CONT", orders);
    }
    List<String> statuses = new ArrayList<>();
    for (Future<App.Answer> call : calls) {
      statuses.add(call.get(20, TimeUnit.SECONDS).callStatus());
    }
    return statuses;
  }

  private static void awaitLimit(ControlServer control) {
    String[] explain = {"explain", "request", "--from", "shop", "--to", "orders"};
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(control.meshctl(explain))
                    .contains("at most 1 calls of HTTP/1.1 at a time", "(0 wait now)"));
  }

  private static void signal(Path kill, String name, App app) throws Exception {
    String pid = String.valueOf(app.process().pid());
    assertThat(new ProcessBuilder(kill.toString(), name, pid).start().waitFor()).isZero();
  }
}
