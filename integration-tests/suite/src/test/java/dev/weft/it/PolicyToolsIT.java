package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What an operator asks and takes back with the finished meshctl, and what real services do. */
class PolicyToolsIT {
  private static final String NO_ADMIN =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: no-admin}
      spec:
        selector: {matchLabels: {app: orders}}
        action: DENY
        rules:
        - to: [{operation: {paths: ["/admin/*"]}}]
      """;

  @Test
  void whatIsExplainedIsWhatHappens() throws IOException {
    Path folder = Rig.newDirectory("policy");
    Path file = Files.writeString(folder.resolve("no-admin.yaml"), NO_ADMIN);
    try (ControlServer control = ControlServer.start();
        App orders =
            App.of("orders").mesh(control, "orders").setting("labels", "app=orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      assertThat(shop.call("huc", "http://orders/admin/x").callStatus()).isEqualTo("200");
      assertThat(explain(control, "/admin/x")).contains("everybody is let in", "allowed");

      assertThat(control.meshctl("policy", "diff", "-f", file.toString()))
          .contains("+++ authorizationpolicy.security.istio.io/no-admin in default")
          .contains("default/orders (1 instance: ")
          .contains(": inbound")
          .doesNotContain("default/shop");
      control.meshctl("apply", "--set", "it", "--prune", "-f", folder.toString());
      awaitStatus(shop, "403");
      assertThat(explain(control, "/admin/x"))
          .contains("RESOLVE", "in rotation", "mTLS, must be spiffe://")
          .contains("the caller is spiffe://cluster.local/ns/default/sa/shop")
          .contains("DENY default/no-admin, rule 1 of 1 holds")
          .contains("refused by default/no-admin: status 403");
      assertThat(explain(control, "/open"))
          .contains("does not hold:", "to: the request is none of { paths[/admin/*] }", "allowed");

      String before = control.meshctl("history").lines().toList().get(1).split(" +")[0];
      long version = Long.parseLong(before) - 1;
      assertThat(control.meshctl("rollback", "--to", Long.toString(version)))
          .contains("authorizationpolicy.security.istio.io/no-admin deleted");
      awaitStatus(shop, "200");
      assertThat(orders.process().output()).doesNotContain("\tat ");
      assertThat(shop.process().output()).doesNotContain("\tat ");
    }
  }

  @Test
  void aDirectoryIsThePolicyOfTheMesh() throws IOException {
    Path folder = Rig.newDirectory("policy-dir");
    Path file = Files.writeString(folder.resolve("no-admin.yaml"), NO_ADMIN);
    try (ControlServer control = ControlServer.start("--policy-dir", folder.toString())) {
      assertThat(policies(control)).as("before the first answer").contains("/admin/*");
      Files.writeString(file, NO_ADMIN.replace("/admin/*", "/internal/*"));
      await("the change", () -> policies(control).contains("/internal/*"));
      Files.writeString(folder.resolve("b.yaml"), NO_ADMIN.replace("action: DENY", "action: NO"));
      await("the refusal", () -> instances(control).contains("b.yaml:6:11: spec.action"));
      assertThat(policies(control)).as("the last good one").contains("/internal/*");
      assertThat(control.tryApply(NO_ADMIN).statusCode()).as("changed in its place").isEqualTo(409);

      control.kill();
      control.restart();
      assertThat(policies(control)).as("durable").contains("/internal/*");
      assertThat(instances(control)).contains("\"inForce\":false");
      Files.delete(folder.resolve("b.yaml"));
      await("the correction", () -> instances(control).contains("\"inForce\":true"));
    }
  }

  private static String policies(ControlServer control) {
    return control.call("GET", "/v1/resources/authorizationpolicies", null).body();
  }

  private static String instances(ControlServer control) {
    return control.call("GET", "/v1/instances", null).body();
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(100))
        .until(condition);
  }

  private static String explain(ControlServer control, String path) {
    return control.meshctl(
        "explain", "request", "--from", "shop", "--to", "orders", "--path", path);
  }

  private static void awaitStatus(App shop, String status) {
    Awaitility.await("the answer " + status)
        .atMost(Duration.ofSeconds(10))
        .until(() -> status.equals(shop.call("huc", "http://orders/admin/x").callStatus()));
  }
}
