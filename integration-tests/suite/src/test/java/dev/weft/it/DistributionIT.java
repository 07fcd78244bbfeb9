package dev.weft.it;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Distribution;
import dev.weft.it.rig.Distribution.Product;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Containers as their makers ship them, with a WAR that brings its own client libraries. */
class DistributionIT {

  /** Those that the build has unpacked: all with {@code -Pdistributions}. */
  static Stream<Product> all() {
    return Stream.of(Product.values()).filter(product -> product.home() != null);
  }

  @ParameterizedTest
  @MethodSource("all")
  void theApplicationIsInTheMesh(Product product) {
    String service = product.name().toLowerCase(Locale.ROOT).replace('_', '-');
    try (ControlServer control = ControlServer.start();
        App shop = App.of("shop").mesh(control, "shop").start();
        Distribution legacy = product.start(control, service)) {
      control.awaitJoined("shop", 1);
      control.awaitJoined(service, 1);
      assertThat(legacy.get("/app/echo/plain")).contains("instance=legacy", "secure=false");
      for (String client : product.clients()) {
        String path = "/from-" + service + "-" + client;
        assertThat(legacy.call(client, "http://shop" + path))
            .as("%s%n%s", client, legacy.process().output())
            .contains("instance=shop", "uri=" + path);
        shop.accessLog().await(path, "/sa/" + service);
        if (product.secured()) {
          String called = "/app/echo/from-shop-" + client;
          assertThat(shop.call(client, "http://" + service + called).text())
              .contains("instance=legacy", "uri=" + called, "secure=false");
          legacy.accessLog().await(called, "/sa/shop");
        }
      }
      assertThat(legacy.process().output()).doesNotContain("\tat ", "dev.weft");
      if (product.secured()) {
        assertThat(legacy.process().output()).doesNotContain("[mesh]");
      } else {
        assertTellsThatItIsUnchecked(control, service, shop, legacy);
      }
      Rig.figure(
          "%s as shipped: %d clients of a WAR over mTLS%s",
          service, product.clients().size(), product.secured() ? ", and so called" : "");
    }
  }

  static Stream<Product> unsecured() {
    return all().filter(product -> !product.secured());
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("unsecured")
  void whatNoUnitIsForIsClosedWhereFailureIsDenied(Product product) {
    try (ControlServer control = ControlServer.start();
        Distribution legacy = product.start(control, "legacy", "-Dmesh.on-agent-failure=deny")) {
      control.awaitJoined("legacy", 1);
      assertThat(legacy.get("/app/echo/x")).doesNotContain("instance=legacy");
      assertThat(legacy.process().output()).contains("; calls are refused");
      assertThat(control.instance("legacy").path("unguarded").asText())
          .contains("there is no unit for its transport");
    }
  }

  /** A server that no unit is for works as without the mesh, and nobody is deceived about it. */
  private static void assertTellsThatItIsUnchecked(
      ControlServer control, String service, App shop, Distribution legacy) {
    String call = "http://" + service + "/app/echo/x";
    assertThat(shop.call("huc", call).text()).contains("instance=legacy", "secure=false");
    String reason = "there is no unit for its transport: it takes no mesh TLS";
    assertThat(legacy.process().output().lines().filter(line -> line.contains("[mesh]")))
        .singleElement(as(STRING))
        .contains(reason, "where its policy is STRICT this instance is not ready");
    assertThat(control.meshctl("status", "-o", "wide"))
        .containsPattern("not-applied +" + reason)
        .doesNotContain("not ready");
    control.apply(
        """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: NAME}
        spec:
          selector: {matchLabels: {app: NAME}}
          mtls: {mode: STRICT}
        """
            .replace("NAME", service));
    Awaitility.await("nobody to be sent to " + service)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(shop.call("huc", call).callStatus()).isEqualTo("503"));
    assertThat(control.instance(service).path("ready").asBoolean()).isFalse();
    assertThat(control.meshctl("status", "-o", "wide"))
        .contains("live, not ready")
        .containsPattern("not ready: STRICT, and calls would come in unchecked: .*" + reason);
  }
}
