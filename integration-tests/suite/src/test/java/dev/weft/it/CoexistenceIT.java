package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.agent.SecondAgent;
import dev.weft.it.rig.App;
import dev.weft.it.rig.Archive;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Jdk;
import dev.weft.it.rig.Rig;
import dev.weft.it.rig.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The agent in JVMs that are not plain: beside somebody else's agent, under a security manager, in
 * little memory, with archived classes. The mesh works in both directions, and nobody sees a line
 * of ours.
 */
class CoexistenceIT {
  private static final List<String> CLIENTS = List.of("huc", "apache", "apache5", "jdk");

  /** What the application, Tomcat on a slow machine, and its clients print without the agent. */
  private static final List<String> ITS_OWN =
      List.of(
          "probe \\w+ listening on \\d+",
          "SLF4J.*",
          ".* org.apache.catalina.util.SessionIdGeneratorBase createSecureRandom",
          "WARNING: Creation of SecureRandom instance .*");

  static Stream<Surroundings> all() {
    List<Surroundings> all = new ArrayList<>();
    for (Jdk jdk : Rig.full() ? Jdk.all() : List.of(Jdk.current())) {
      all.add(Surroundings.secondAgent(jdk, SecondAgent.DONE));
      all.add(
          Surroundings.options(
              "little memory; everything verified",
              jdk,
              List.of("-XX:+UseSerialGC", "-Xmx128m"),
              List.of("-Xverify:all", "-XX:-PrintWarnings")));
      if (jdk.feature() < 24) {
        all.add(Surroundings.securityManager(jdk));
      } else {
        all.add(
            Surroundings.options(
                "no memory access by Unsafe", jdk, "--sun-misc-unsafe-memory-access=deny"));
      }
      if (Rig.full()) {
        all.add(Surroundings.archive("class data sharing", jdk, Archive.CLASS_DATA_SHARING));
      }
      if (Rig.full() && jdk.feature() >= 25) {
        all.add(Surroundings.archive("an AOT cache", jdk, Archive.AOT_CACHE_WITH_AGENT));
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void theMeshWorksAndNobodyIsDisturbed(Surroundings here) {
    try (ControlServer control = ControlServer.start()) {
      CompletableFuture<App> starting =
          CompletableFuture.supplyAsync(() -> start(here, here.orders(), "orders", control));
      try (App shop = start(here, here.shop(), "shop", control);
          App orders = starting.join()) {
        control.awaitLive("orders", 1);
        control.awaitLive("shop", 1);
        callBothWays(here, shop, orders, "first");
        if (here.upheaval() != null) {
          for (App app : List.of(shop, orders)) {
            app.process().await(here.upheaval(), Duration.ofSeconds(60));
          }
          callBothWays(here, shop, orders, "then");
        }
        assertPrintsNothingOfOurs(here, shop);
        assertPrintsNothingOfOurs(here, orders);
        Rig.figure("%s: %d clients over mTLS in both directions", here, CLIENTS.size());
      }
    }
  }

  private static App start(
      Surroundings here, UnaryOperator<App.Builder> how, String service, ControlServer control) {
    return how.apply(App.of(service).jdk(here.jdk())).mesh(control, service).start();
  }

  private static void callBothWays(Surroundings here, App shop, App orders, String when) {
    call(here, shop, "shop", orders, "orders", when);
    call(here, orders, "orders", shop, "shop", when);
  }

  private static void call(
      Surroundings here, App from, String caller, App to, String called, String when) {
    for (String client : CLIENTS) {
      String path = here.root() + "/echo/" + when + "-" + client;
      App.Answer answer = from.call(here.root(), client, "http://" + called + path);
      assertThat(answer.callStatus())
          .as("%s -> %s with %s: %s%n%s", caller, called, client, answer, from.process().output())
          .isEqualTo("200");
      assertThat(answer.fields()).containsEntry("uri", path);
      to.accessLog().await(path, "/sa/" + caller);
    }
  }

  private static void assertPrintsNothingOfOurs(Surroundings here, App app) {
    assertThat(app.process().output().lines())
        .filteredOn(line -> ITS_OWN.stream().noneMatch(line::matches))
        .filteredOn(line -> here.prints().stream().noneMatch(line::matches))
        .isEmpty();
  }
}
