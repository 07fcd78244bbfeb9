package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Forked;
import dev.weft.it.rig.Jdk;
import dev.weft.it.rig.Load;
import dev.weft.it.rig.ProbeWar;
import dev.weft.it.rig.Rig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A web application with client libraries of its own is deployed again and again in a container
 * that stays, called through the mesh and calling through it: nothing of a gone application
 * remains.
 */
class RedeployIT {
  private static final String TOMCATS_OWN_THREAD =
      "thread named \\[Catalina-utility-\\d+] but has failed to stop it";

  /** What the client libraries of the application are called through. */
  private static final List<String> CLIENTS = List.of("apache", "apache5", "huc");

  /**
   * Jetty 9.4 is none of them: where an application is stopped while a thread is in it, that thread
   * goes on naming its class loader, with or without an agent.
   */
  static Stream<String> containers() {
    return Stream.of("9", "jetty-12");
  }

  @ParameterizedTest
  @MethodSource("containers")
  void aRedeployedApplicationIsCollected(String container) {
    int redeploys = Rig.length(3, 50);
    try (ControlServer control = ControlServer.start();
        App orders = App.of("orders").mesh(control, "orders").start();
        App shop = App.of("shop").mesh(control, "shop").start();
        App legacy = redeployer(container).mesh(control, "legacy").start()) {
      List.of("orders", "shop", "legacy").forEach(service -> control.awaitLive(service, 1));
      AtomicBoolean over = new AtomicBoolean();
      CompletableFuture<Traffic> traffic =
          CompletableFuture.supplyAsync(() -> Traffic.of(shop, over));
      awaitServed(shop);
      int threads = agentsThreads(legacy);
      for (int i = 0; i < redeploys; i++) {
        awaitServed(shop);
        assertThat(legacy.get("/redeploy").text()).isEqualTo("redeployed=true");
      }
      awaitServed(shop);
      over.set(true);
      Traffic seen = traffic.join();
      assertThat(seen.served).isGreaterThan(redeploys);
      assertThat(seen.strange).as("answers that no redeploy explains").isEmpty();
      assertThat(orders.accessLog().lines("/from-"))
          .as("the application's calls came over mTLS")
          .hasSizeGreaterThan(redeploys)
          .allMatch(line -> line.contains("/sa/legacy"));
      assertOneIsLeft(legacy);
      assertThat(agentsThreads(legacy))
          .as("threads of the agent, %d before", threads)
          .isLessThan(threads + redeploys);
      Rig.figure(
          "%d redeploys in %s under traffic (%d calls served, %d refused meanwhile): 1 live loader",
          redeploys, container, seen.served, seen.refused);
    }
  }

  /** The same without agent: what the test sees is the agent's doing and not the application's. */
  @ParameterizedTest
  @MethodSource("containers")
  @EnabledIf("dev.weft.it.rig.Rig#full")
  void soItIsWithoutTheAgent(String container) {
    try (App orders = App.of("orders").start();
        App legacy = redeployer(container).start()) {
      for (int i = 0; i < 3; i++) {
        for (String client : CLIENTS) {
          String url = "http://127.0.0.1:" + orders.port() + "/from-" + client;
          String call = "/app/call?client=" + client + "&url=" + url;
          assertThat(legacy.get(call).callStatus()).isEqualTo("200");
        }
        assertThat(legacy.get("/redeploy").text()).isEqualTo("redeployed=true");
      }
      assertOneIsLeft(legacy);
    }
  }

  /** All clients of the application that is deployed now answer. */
  private static void awaitServed(App shop) {
    for (String client : CLIENTS) {
      Awaitility.await("the application to call with " + client)
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertThat(shop.call("huc", call(client)).text()).contains("instance=orders"));
    }
  }

  private static String call(String client) {
    return "http://legacy/app/call?client=" + client + "&url=http://orders/from-" + client;
  }

  private static void assertOneIsLeft(App legacy) {
    try {
      Awaitility.await("the class loaders of gone applications to be collected")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(legacy.get("/loaders").fields())
                      .containsEntry("live", "1")
                      .containsOnlyKeys("live", "mesh"));
    } catch (ConditionTimeoutException e) {
      dump(legacy);
      throw e;
    }
    // Tomcat's own thread may be at work in an application that it stops: it takes that for a leak.
    assertThat(legacy.process().output().replaceAll(TOMCATS_OWN_THREAD, ""))
        .doesNotContain("failed to stop it", "but failed to remove it", "\tat ", "[mesh]");
  }

  /** Some of them are made when they are first needed, but none for each application. */
  private static int agentsThreads(App legacy) {
    return Integer.parseInt(legacy.get("/loaders").fields().get("mesh"));
  }

  /** Who holds them is not to be had later. */
  private static void dump(App app) {
    Path dump = Rig.newDirectory("heap").resolve("heap.hprof");
    List<String> command =
        List.of(
            Jdk.current().tool("jcmd"),
            String.valueOf(app.process().pid()),
            "GC.heap_dump",
            dump.toString());
    Forked.start("jcmd", dump.getParent(), command, Map.of()).exitCode(Duration.ofSeconds(60));
  }

  private static App.Builder redeployer(String container) {
    boolean jetty = container.startsWith("jetty-");
    Path war = ProbeWar.exploded(Rig.newDirectory("war"), "legacy", container.equals("jetty-12"));
    App.Builder app =
        App.of("legacy")
            .container(container)
            .main(jetty ? "probe.JettyRedeployer" : "probe.Redeployer")
            .argument(war.toString());
    // As catalina.sh does, so that Tomcat can look for what an application leaves behind.
    for (String opened : List.of("java.base/java.lang", "java.rmi/sun.rmi.transport")) {
      app.jvm("--add-opens=" + opened + "=ALL-UNNAMED");
    }
    return app;
  }

  /** What callers of the application saw. */
  private record Traffic(int served, int refused, List<String> strange) {
    static Traffic of(App shop, AtomicBoolean over) {
      int served = 0;
      int refused = 0;
      List<String> strange = new ArrayList<>();
      while (!over.get()) {
        for (String client : CLIENTS) {
          Map<String, String> fields = shop.load(client, call(client), 20, 40, 4);
          Load load = new Load(fields);
          served += load.ok();
          refused += load.failed();
          fields.keySet().stream()
              .filter(key -> key.startsWith("outcome."))
              .filter(key -> !key.matches("outcome\\.(200|404|503) .*"))
              .forEach(strange::add);
        }
      }
      return new Traffic(served, refused, strange);
    }
  }
}
