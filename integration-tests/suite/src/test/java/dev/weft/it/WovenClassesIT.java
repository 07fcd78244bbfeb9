package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Starts after the first one take woven classes from the cache directory (ADR 0290). */
class WovenClassesIT {
  private static final String STRICT =
      """
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: strict}
      spec: {selector: {matchLabels: {app: orders}}, mtls: {mode: STRICT}}
      """;

  /** ByteBuddy has been at work: its advice is loaded for nothing else. */
  private static final String WEAVER = "net.bytebuddy.asm.Advice";

  /** Longer than the agent waits before it writes. */
  private static final Duration KEPT_AFTER = Duration.ofSeconds(4);

  @Test
  void aLaterStartIsSecuredWithoutByteBuddyAndADamagedCacheIsWovenAnew() {
    Path cache = Rig.newDirectory("woven-cache").resolve("cache");
    Path logs = Rig.newDirectory("woven-logs");
    try (ControlServer control = ControlServer.start();
        App shop = App.of("shop").mesh(control, "shop").start();
        App orders =
            App.of("orders")
                .mesh(control, "orders")
                .setting("cache-dir", cache.toString())
                .jvm("-Xlog:class+load:file=" + logs.resolve("%p.log"))
                .start()) {
      control.apply(STRICT);
      awaitSecured(shop, orders);
      assertThat(loaded(logs, orders)).as("the first start weaves").contains(WEAVER);
      awaitKept(cache);

      again(shop, orders);
      assertThat(loaded(logs, orders)).as("the second finds them").doesNotContain(WEAVER);
      String status = control.meshctl("status", "-o", "wide");
      assertThat(status).as("they count as instrumented").contains("tomcat");

      kept(cache).forEach(WovenClassesIT::damage);
      again(shop, orders);
      assertThat(loaded(logs, orders)).as("damaged ones are woven anew").contains(WEAVER);

      awaitKept(cache);
      again(shop, orders);
      again(shop, orders);
      assertThat(loaded(logs, orders)).as("and kept in their place").doesNotContain(WEAVER);
    }
  }

  /** They are written some seconds after they were woven: all are there when no more come. */
  private static void awaitKept(Path cache) {
    int[] before = {0};
    Awaitility.await("woven classes are kept")
        .pollDelay(KEPT_AFTER)
        .pollInterval(KEPT_AFTER)
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              int last = before[0];
              before[0] = kept(cache).size();
              return last > 0 && last == before[0];
            });
  }

  private static void again(App shop, App orders) {
    orders.kill();
    orders.restart();
    awaitSecured(shop, orders);
  }

  /** Calls of the mesh come through, calls from outside it do not. */
  private static void awaitSecured(App shop, App orders) {
    Awaitility.await("the mesh gets in")
        .atMost(Duration.ofSeconds(30))
        .until(() -> "200".equals(shop.call("huc", "http://orders/hello").callStatus()));
    Awaitility.await("nobody else does")
        .atMost(Duration.ofSeconds(30))
        .until(() -> !answers(orders));
  }

  private static boolean answers(App orders) {
    try {
      return orders.get("/hello").status() == 200;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static String loaded(Path logs, App app) {
    try {
      return Files.readString(logs.resolve(app.process().pid() + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> kept(Path cache) {
    Path woven = cache.resolve("woven");
    if (!Files.isDirectory(woven)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(woven)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void damage(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length > 0) {
        bytes[bytes.length / 2]++;
        Files.write(file, bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
