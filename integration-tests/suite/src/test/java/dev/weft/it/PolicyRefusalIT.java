package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bad policy is refused with its place, and what was in force stays in force. */
class PolicyRefusalIT {
  private static final String GOOD =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata:
        name: no-secrets
      spec:
        action: DENY
        rules:
        - to:
          - operation:
              paths: ["/secret*"]
      """;

  private static ControlServer control;
  private static App orders;
  private static App shop;

  @BeforeAll
  static void start() {
    control = ControlServer.start();
    orders = App.of("orders").mesh(control, "orders").start();
    shop = App.of("shop").mesh(control, "shop").start();
    control.awaitLive("orders", 1);
    control.awaitLive("shop", 1);
    control.apply(GOOD);
    awaitSecret("403");
  }

  @AfterAll
  static void stop() {
    orders.close();
    shop.close();
    control.close();
  }

  private static void awaitSecret(String status) {
    Awaitility.await("/secret to answer " + status)
        .atMost(Duration.ofSeconds(5))
        .until(() -> status.equals(shop.call("huc", "http://orders/secret").callStatus()));
  }

  private static Map<String, String> bad() {
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("malformed", "apiVersion: v1\nkind: [unclosed\nspec:\n  a: b\n");
    bad.put("unknown field", GOOD.replace("paths:", "pathes:"));
    bad.put("wrong type", GOOD.replace("[\"/secret*\"]", "17"));
    bad.put("unknown action", GOOD.replace("DENY", "REFUSE"));
    bad.put("unknown kind", GOOD.replace("kind: AuthorizationPolicy", "kind: EnvoyFilter"));
    bad.put("duplicate key", GOOD.replace("  action: DENY\n", "  action: DENY\n  action: ALLOW\n"));
    bad.put("not in force yet", GOOD.replace("action: DENY", "action: CUSTOM"));
    bad.put(
        "half right",
        GOOD.replace("no-secrets", "one-more").replace("/secret*", "/x")
            + "---\n"
            + GOOD.replace("action: DENY", "action: SOMETIMES"));
    StringBuilder aliases = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      aliases.append("a" + i + ": &a" + i + " [");
      for (int j = 0; j < 9; j++) {
        aliases.append(j == 0 ? "" : ", ").append("*a" + (i - 1));
      }
      aliases.append("]\n");
    }
    bad.put("aliased to death", aliases.toString());
    bad.put("nested to death", "[".repeat(10_000));
    bad.put("a tag that would run code", GOOD + "extra: !!javax.script.ScriptEngineManager []\n");
    return bad;
  }

  @Test
  void everyBadDocumentIsRefusedWithItsPlace() throws Exception {
    for (Map.Entry<String, String> document : bad().entrySet()) {
      long start = System.nanoTime();
      HttpResponse<String> answer = control.tryApply(document.getValue());
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertThat(answer.statusCode()).as(document.getKey() + ": " + answer.body()).isEqualTo(422);
      JsonNode detail = new ObjectMapper().readTree(answer.body()).at("/error/details/0");
      assertThat(detail.path("line").asInt()).as(document.getKey() + answer.body()).isPositive();
      assertThat(detail.path("column").asInt()).as(document.getKey()).isPositive();
      Rig.figure(
          "refused in %d ms: %s at %d:%d: %s",
          millis,
          document.getKey(),
          detail.path("line").asInt(),
          detail.path("column").asInt(),
          detail.path("message").asText());
      assertThat(shop.call("huc", "http://orders/secret").callStatus())
          .as("policy in force after " + document.getKey())
          .isEqualTo("403");
    }
    HttpResponse<String> half =
        control.call("GET", "/v1/resources/authorizationpolicies/default/one-more", null);
    assertThat(half.statusCode()).as("nothing of a half-right document is kept").isEqualTo(404);
  }

  @Test
  void anOversizedDocumentIsRefused() {
    String huge = GOOD + "# " + "x".repeat(9 * 1024 * 1024) + "\n";
    assertThat(control.tryApply(huge).statusCode()).isIn(413, 422);
    assertThat(shop.call("huc", "http://orders/secret").callStatus()).isEqualTo("403");
  }
}
