package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.it.agent.SecondAgent;
import dev.weft.it.rig.App;
import dev.weft.it.rig.Archive;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Jdk;
import dev.weft.it.rig.Rig;
import dev.weft.it.rig.Surroundings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What JDK 25 keeps of classes between runs, beside the agent: which archives the JVM takes, that
 * all is woven which should be, and what they save.
 */
class ArchivedClassesIT {
  private static Jdk jdk;
  private static ControlServer control;
  private static App orders;

  static Stream<Archive> taken() {
    return Rig.full()
        ? Stream.of(
            Archive.AOT_CACHE_WITH_AGENT,
            Archive.AOT_CACHE_WITHOUT_AGENT,
            Archive.CLASS_DATA_SHARING)
        : Stream.of(Archive.AOT_CACHE_WITH_AGENT);
  }

  @BeforeAll
  static void start() {
    jdk = Jdk.all().stream().filter(found -> found.feature() >= 25).findFirst().orElse(null);
    assumeTrue(jdk != null, "SKIPPED archived classes: no JDK 25 found (set WEFT_TEST_JDKS)");
    control = ControlServer.start();
    orders = App.of("orders").mesh(control, "orders").start();
    control.awaitLive("orders", 1);
  }

  @AfterAll
  static void stop() {
    if (control != null) {
      orders.close();
      control.close();
    }
  }

  @ParameterizedTest
  @MethodSource("taken")
  void archiveIsTakenAndTheMeshWorks(Archive archive) {
    String option = archive.made(jdk);
    String name = archive.name().toLowerCase(Locale.ROOT).replace('_', '-');
    List<Long> without = new ArrayList<>();
    List<Long> with = new ArrayList<>();
    for (int i = 1; i <= Rig.length(1, 7); i++) {
      with.add(started(name + "-" + i, taking(archive, option)));
      without.add(started(name + "-none-" + i, App.of("shop").measured().jdk(jdk)));
    }
    Rig.figure(
        "%s: an embedded Tomcat with the agent accepts after %d ms, %d ms without archive"
            + " (medians of %d)",
        name, median(with), median(without), with.size());
  }

  /** The JVM does not start when it cannot take the archive. */
  private static App.Builder taking(Archive archive, String option) {
    App.Builder app = App.of("shop").measured().jdk(jdk).jvm(option);
    return archive == Archive.CLASS_DATA_SHARING ? app : app.jvm("-XX:AOTMode=on");
  }

  @Test
  @EnabledIf("dev.weft.it.rig.Rig#full")
  void cacheOfOtherModulesIsLeftAside() {
    String option = Archive.AOT_CACHE_OF_OTHER_MODULES.made(jdk);
    try (App shop = joined("other-modules", App.of("shop").measured().jdk(jdk).jvm(option))) {
      assertThat(shop.process().output())
          .contains("Mismatched values for property jdk.module.addmods: java.instrument");
    }
  }

  /** And says so, beside any agent. */
  @Test
  void archiveOnTheShippedOneIsTakenWithWordsOfTheJvm() {
    String option = Archive.CLASS_DATA_SHARING_ON_SHIPPED.made(jdk);
    List<String> beside;
    try (App other = besideAnotherAgent(option).start()) {
      beside = errors(other);
    }
    assertThat(beside)
        .hasSize(3)
        .anyMatch(line -> line.contains("jdk.module.addmods: java.instrument specified during"));
    try (App shop = joined("shipped", App.of("shop").measured().jdk(jdk).jvm(option))) {
      assertThat(errors(shop)).isEqualTo(beside);
      assertThat(shop.process().output()).doesNotContain("[warning]", "[mesh]");
    }
  }

  private static App.Builder besideAnotherAgent(String option) {
    App.Builder app = App.of("other").measured().jdk(jdk).jvm(option);
    return Surroundings.secondAgent(jdk, SecondAgent.DONE).shop().apply(app);
  }

  /** What the JVM calls errors, without the time. */
  private static List<String> errors(App app) {
    return app.process()
        .output()
        .lines()
        .filter(line -> line.contains("[error]"))
        .map(line -> line.substring(line.indexOf("[error]")))
        .toList();
  }

  /** Milliseconds until it accepts. */
  private static long started(String service, App.Builder how) {
    long start = System.nanoTime();
    try (App shop = how.mesh(control, service).start()) {
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertThat(shop.process().output()).doesNotContain("[error]", "[warning]", "[mesh]");
      assertInTheMesh(service, shop);
      return millis;
    }
  }

  private static App joined(String service, App.Builder how) {
    App shop = how.mesh(control, service).start();
    assertInTheMesh(service, shop);
    return shop;
  }

  /** In both directions: its clients and its container are woven. */
  private static void assertInTheMesh(String service, App shop) {
    control.awaitLive(service, 1);
    for (String client : List.of("huc", "apache", "jdk")) {
      assertCalls(shop, service, client, orders, "orders");
    }
    assertCalls(orders, "orders", "huc", shop, service);
  }

  private static void assertCalls(App from, String caller, String client, App to, String called) {
    String path = "/from-" + caller + "-" + client;
    assertThat(from.call(client, "http://" + called + path).fields()).containsEntry("uri", path);
    to.accessLog().await(path, "/sa/" + caller);
  }

  private static long median(List<Long> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }
}
