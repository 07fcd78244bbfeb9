package dev.weft.controlserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.policy.snapshot.MtlsMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many files as one change, sets and pruning, history, rollback, and what a change would do. */
class PolicyChangesTest {
  @TempDir Path directory;

  @Test
  void putsManyFilesInForceAsOneVersion() {
    try (TestServer server = TestServer.start(directory)) {
      JsonNode dry =
          changes(server, body(mode("a", "STRICT"), mode("b", "STRICT")).put("dryRun", true));
      assertThat(actions(dry)).containsExactly("a created", "b created");
      assertThat(list(server)).isEmpty();
      JsonNode done = changes(server, body(mode("a", "STRICT"), mode("b", "STRICT")));
      assertThat(actions(done)).containsExactly("a created", "b created");
      for (JsonNode item : list(server)) {
        assertThat(item.path("metadata").path("resourceVersion").asText())
            .isEqualTo(done.path("version").asText());
      }
      TestServer.Answer refused =
          post(server, body(mode("c", "STRICT"), mode("d", "LOOSE"), mode("c", "DISABLE")));
      assertThat(refused.status()).isEqualTo(422);
      JsonNode details = refused.json().path("error").path("details");
      assertThat(details.get(0).path("file").asText()).isEqualTo("1.yaml");
      assertThat(details.get(1).path("file").asText()).isEqualTo("2.yaml");
      assertThat(details.get(1).path("message").asText()).contains("is in 0.yaml:1:1 already");
      assertThat(list(server)).hasSize(2);
      assertThat(post(server, Json.object()).body()).contains("\\\"files\\\" must be a list");
    }
  }

  @Test
  void prunesWhatTheSameSetAppliedAndNothingElse() {
    try (TestServer server = TestServer.start(directory)) {
      changes(server, body(mode("by-hand", "STRICT")));
      changes(server, body(mode("a", "STRICT"), mode("b", "STRICT")).put("set", "shop"));
      changes(server, body(mode("c", "STRICT")).put("set", "other"));
      ObjectNode next = body(mode("a", "STRICT")).put("set", "shop").put("prune", true);
      JsonNode dry = changes(server, next.deepCopy().put("dryRun", true));
      assertThat(actions(dry)).containsExactly("a unchanged", "b pruned");
      assertThat(list(server)).hasSize(4);
      assertThat(actions(changes(server, next))).containsExactly("a unchanged", "b pruned");
      assertThat(names(server)).containsExactly("a", "by-hand", "c");
      assertThat(server.audit).anyMatch(line -> line.contains("\"outcome\":\"pruned\""));

      TestServer.Answer taken = post(server, body(mode("c", "DISABLE")).put("set", "shop"));
      assertThat(taken.status()).isEqualTo(409);
      assertThat(taken.body()).contains("belongs to the set other, not shop");
      assertThat(actions(changes(server, body(mode("c", "DISABLE")))))
          .as("without a set it stays in its own")
          .containsExactly("c configured");
      ObjectNode others = body(mode("d", "STRICT")).put("set", "other").put("prune", true);
      assertThat(actions(changes(server, others))).containsExactly("d created", "c pruned");

      assertThat(actions(changes(server, body(mode("by-hand", "STRICT")).put("set", "shop"))))
          .as("a set may take what is in none")
          .containsExactly("by-hand configured");
      TestServer.Answer bare = post(server, body(mode("a", "STRICT")).put("prune", true));
      assertThat(bare.status()).isEqualTo(400);
      assertThat(bare.body()).contains("needs a \\\"set\\\"");
      assertThat(post(server, body(mode("a", "STRICT")).put("set", "No Name")).status())
          .isEqualTo(400);
    }
  }

  @Test
  void setsOutliveTheServer() {
    try (TestServer server = TestServer.start(directory)) {
      changes(server, body(mode("a", "STRICT"), mode("b", "STRICT")).put("set", "shop"));
    }
    try (TestServer server = TestServer.start(directory)) {
      ObjectNode next = body(mode("a", "STRICT")).put("set", "shop").put("prune", true);
      assertThat(actions(changes(server, next))).containsExactly("a unchanged", "b pruned");
    }
  }

  @Test
  void goesBackToAnEarlierVersionAsANewOne() {
    long first;
    long second;
    try (TestServer server = TestServer.start(directory)) {
      first = changes(server, body(mode("a", "STRICT"))).path("version").asLong();
      second =
          changes(server, body(mode("a", "DISABLE"), mode("b", "STRICT"))).path("version").asLong();
      server.admin("DELETE", "/v1/resources/pa/shop/a", null).ok();
    }
    try (TestServer server = TestServer.start(directory)) {
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of("app", "a"));
      TestAgent.Stream watch = web.watch(0, "");
      assertThat(watch.nextSnapshot().inbound.mode).isEqualTo(MtlsMode.PERMISSIVE);

      JsonNode dry = rollback(server, Json.object().put("version", first).put("dryRun", true)).ok();
      assertThat(actions(dry)).containsExactlyInAnyOrder("a created", "b deleted");
      assertThat(names(server)).containsExactly("b");
      JsonNode back = rollback(server, Json.object().put("version", first)).ok();
      assertThat(back.path("version").asLong()).isGreaterThan(second);
      assertThat(watch.nextSnapshot().inbound.mode).isEqualTo(MtlsMode.STRICT);
      assertThat(names(server)).containsExactly("a");

      rollback(server, Json.object().put("version", second)).ok();
      assertThat(watch.nextSnapshot().inbound.mode).isEqualTo(MtlsMode.DISABLE);
      assertThat(names(server)).containsExactly("a", "b");
      rollback(server, Json.object().put("version", 0)).ok();
      assertThat(list(server)).isEmpty();
      assertThat(actions(rollback(server, Json.object().put("version", 0)).ok())).isEmpty();

      JsonNode history = server.admin("GET", "/v1/policy/history", null).ok().path("items");
      assertThat(history).hasSize(6);
      assertThat(history.get(0).path("what").asText()).isEqualTo("rollback to 0");
      assertThat(history.get(0).path("actor").asText()).startsWith("admin:");
      assertThat(history.get(0).path("time").asText()).endsWith("Z");
      assertThat(history.get(5).path("version").asLong()).isEqualTo(first);
      assertThat(history.get(3).path("changes").get(0).path("action").asText())
          .isEqualTo("deleted");
      JsonNode ofB =
          server
              .admin("GET", "/v1/policy/history?kind=pa&namespace=shop&name=b", null)
              .ok()
              .path("items");
      assertThat(ofB).hasSize(4);
      assertThat(ofB.get(3).path("version").asLong()).isEqualTo(second);

      TestServer.Answer early = rollback(server, Json.object().put("version", 1_000_000));
      assertThat(early.status()).isEqualTo(409);
      assertThat(early.body()).contains("there was no version 1000000 yet");
      assertThat(rollback(server, Json.object()).status()).isEqualTo(400);
    }
  }

  @Test
  void keepsAsManyChangesAsItIsTold() {
    try (TestServer server =
        TestServer.start(directory, settings -> settings.withPolicy(new PolicySettings(3, null)))) {
      List<Long> versions = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String mode = i % 2 == 0 ? "STRICT" : "DISABLE";
        versions.add(changes(server, body(mode("a", mode))).path("version").asLong());
      }
      JsonNode history = server.admin("GET", "/v1/policy/history", null).ok();
      assertThat(history.path("items")).hasSize(3);
      assertThat(history.path("reachesBackTo").asLong()).isEqualTo(versions.get(2));
      TestServer.Answer gone = rollback(server, Json.object().put("version", versions.get(1)));
      assertThat(gone.status()).isEqualTo(409);
      assertThat(gone.body()).contains("reaches back to version " + versions.get(2));
      rollback(server, Json.object().put("version", versions.get(2))).ok();
      assertThat(list(server).get(0).path("spec").path("mtls").path("mode").asText())
          .isEqualTo("STRICT");
    }
  }

  @Test
  void saysWhatAChangeWouldDoAndForWhom() {
    try (TestServer server = TestServer.start(directory)) {
      changes(server, body(mode("a", "STRICT")));
      server.agent("web", "web-1").register(8080, Map.of("app", "a"));
      server.agent("web", "web-2").register(8081, Map.of("app", "a"));
      server.agent("orders", "orders-1").register(8080, Map.of("app", "orders"));
      JsonNode diff = changes(server, body(mode("a", "DISABLE")).put("diff", true));
      JsonNode row = diff.path("results").get(0);
      assertThat(row.path("action").asText()).isEqualTo("configured");
      assertThat(row.path("before").path("spec").path("mtls").path("mode").asText())
          .isEqualTo("STRICT");
      assertThat(row.path("after").path("spec").path("mtls").path("mode").asText())
          .isEqualTo("DISABLE");
      assertThat(diff.path("affected")).hasSize(1);
      JsonNode affected = diff.path("affected").get(0);
      assertThat(affected.path("service").asText()).isEqualTo("web");
      assertThat(affected.path("instances")).hasSize(2);
      assertThat(affected.path("changes").get(0).asText()).isEqualTo("inbound");
      assertThat(list(server).get(0).path("spec").path("mtls").path("mode").asText())
          .isEqualTo("STRICT");

      String route =
          """
          apiVersion: networking.istio.io/v1
          kind: VirtualService
          metadata: {name: orders, namespace: shop}
          spec: {hosts: [orders], http: [{timeout: 1s, route: [{destination: {host: orders}}]}]}
          """;
      JsonNode routed = changes(server, body(route).put("diff", true)).path("affected");
      assertThat(routed.toString())
          .contains("\"web-1\",\"web-2\"", "orders-1", "outbound orders.shop.svc.cluster.local");

      String rule =
          """
          apiVersion: networking.istio.io/v1
          kind: DestinationRule
          metadata: {name: orders, namespace: shop}
          spec:
            host: orders
            workloadSelector: {matchLabels: {app: orders}}
            trafficPolicy: {loadBalancer: {simple: RANDOM}}
          """;
      JsonNode selected = changes(server, body(rule).put("diff", true)).path("affected");
      assertThat(selected).as("for the callers that it selects").hasSize(1);
      assertThat(selected.get(0).path("instances").toString()).isEqualTo("[\"orders-1\"]");
    }
  }

  private static String mode(String name, String mode) {
    return """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: %s, namespace: shop}
        spec: {selector: {matchLabels: {app: %s}}, mtls: {mode: %s}}
        """
        .formatted(name, name, mode);
  }

  private static ObjectNode body(String... texts) {
    ObjectNode body = Json.object();
    ArrayNode files = body.putArray("files");
    for (int i = 0; i < texts.length; i++) {
      files.addObject().put("name", i + ".yaml").put("text", texts[i]);
    }
    return body;
  }

  private static TestServer.Answer post(TestServer server, ObjectNode body) {
    return server.admin("POST", "/v1/policy/changes", body.toString());
  }

  private static JsonNode changes(TestServer server, ObjectNode body) {
    return post(server, body).ok();
  }

  private static TestServer.Answer rollback(TestServer server, ObjectNode body) {
    return server.admin("POST", "/v1/policy/rollback", body.toString());
  }

  private static List<String> actions(JsonNode answer) {
    List<String> actions = new ArrayList<>();
    answer
        .path("results")
        .forEach(row -> actions.add(row.path("name").asText() + " " + row.path("action").asText()));
    return actions;
  }

  private static List<String> names(TestServer server) {
    List<String> names = new ArrayList<>();
    list(server).forEach(item -> names.add(item.path("metadata").path("name").asText()));
    return names;
  }

  private static JsonNode list(TestServer server) {
    return server.admin("GET", "/v1/resources/peerauthentications", null).ok().path("items");
  }
}
