package dev.weft.controlserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory as the source of policy, such as a Git checkout. */
class PolicyDirectoryTest {
  @TempDir Path directory;
  private Path policy;
  private Path data;

  @BeforeEach
  void folders() throws IOException {
    policy = Files.createDirectories(directory.resolve("policy/shop"));
    data = directory.resolve("data");
  }

  private TestServer start() {
    return TestServer.start(
        data,
        settings -> settings.withPolicy(new PolicySettings(100, directory.resolve("policy"))));
  }

  private void write(String file, String name, String mode) throws IOException {
    Files.writeString(policy.resolve(file), document(name, mode));
  }

  private static String document(String name, String mode) {
    return """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: %s, namespace: shop}
        spec: {selector: {matchLabels: {app: %s}}, mtls: {mode: %s}}
        """
        .formatted(name, name, mode);
  }

  @Test
  void whatIsInItIsInForceAndWhatIsTakenOutIsNot() throws IOException {
    write("web.yaml", "web", "STRICT");
    write("b.yml", "b", "STRICT");
    Files.createDirectories(policy.resolve(".git"));
    write(".git/c.yaml", "hidden", "STRICT");
    Files.writeString(policy.resolve("README.md"), "not policy");
    try (TestServer server = start()) {
      assertThat(names(server)).containsExactly("b", "web");
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of("app", "web"));
      TestAgent.Stream watch = web.watch(0, "");
      assertThat(watch.nextSnapshot().inbound.mode).isEqualTo(MtlsMode.STRICT);
      Files.delete(policy.resolve("b.yml"));
      write("web.yaml", "web", "DISABLE");
      assertThat(watch.nextSnapshot().inbound.mode).isEqualTo(MtlsMode.DISABLE);
      await().until(() -> names(server).equals(List.of("web")));
      JsonNode source = source(server);
      assertThat(source.path("inForce").asBoolean()).isTrue();
      assertThat(source.path("files").asInt()).isEqualTo(1);
      assertThat(
              server
                  .admin("GET", "/v1/policy/history", null)
                  .ok()
                  .path("items")
                  .get(0)
                  .path("actor")
                  .asText())
          .isEqualTo("policy-dir");
      assertThat(server.audit).anyMatch(line -> line.contains("\"event\":\"policy-dir\""));
    }
  }

  @Test
  void keepsTheLastGoodPolicyAndSaysWhatIsWrong() throws IOException {
    write("a.yaml", "a", "STRICT");
    try (TestServer server = start()) {
      write("b.yaml", "b", "STRICT");
      await().until(() -> names(server).equals(List.of("a", "b")));
      write("a.yaml", "a", "DISABLE");
      Files.writeString(policy.resolve("b.yaml"), document("b", "LOOSE"));
      await().until(() -> !source(server).path("inForce").asBoolean());
      JsonNode problem = source(server).path("problems").get(0);
      assertThat(problem.asText()).startsWith("shop/b.yaml:4:").contains("spec.mtls.mode");
      assertThat(mode(server, "a")).isEqualTo("STRICT");
      assertThat(server.anonymous("GET", "/metrics", null).body())
          .contains("weft_policy_dir_refused 1.0");
      assertThat(server.audit)
          .filteredOn(line -> line.contains("\"outcome\":\"refused\""))
          .hasSize(1);
    }
    try (TestServer server = start()) {
      assertThat(source(server).path("inForce").asBoolean()).isFalse();
      assertThat(mode(server, "a")).as("after a restart, too").isEqualTo("STRICT");
      write("b.yaml", "b", "DISABLE");
      await().until(() -> source(server).path("inForce").asBoolean());
      assertThat(mode(server, "a")).isEqualTo("DISABLE");
      assertThat(server.anonymous("GET", "/metrics", null).body())
          .contains("weft_policy_dir_refused 0.0");
    }
  }

  @Test
  void takesNoEmptyDirectoryForTheWishToHaveNoPolicy() throws IOException {
    write("a.yaml", "a", "STRICT");
    try (TestServer server = start()) {
      Files.delete(policy.resolve("a.yaml"));
      await().until(() -> !source(server).path("inForce").asBoolean());
      assertThat(source(server).path("problems").get(0).asText()).contains("it has no file");
      assertThat(names(server)).containsExactly("a");
      Files.delete(policy);
      Files.delete(policy.getParent());
      await()
          .until(() -> source(server).path("problems").get(0).asText().contains("cannot be read"));
      assertThat(names(server)).containsExactly("a");
    }
  }

  @Test
  void isReadOnlyForTheApiAndLeavesAloneWhatIsNotFromIt() throws IOException {
    write("a.yaml", "a", "STRICT");
    try (TestServer server = start()) {
      for (TestServer.Answer refused :
          List.of(
              server.admin("POST", "/v1/apply", document("a", "DISABLE")),
              server.admin("DELETE", "/v1/resources/pa/shop/a", null),
              server.admin("POST", "/v1/policy/rollback", "{\"version\":0}"))) {
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).contains("peerauthentications/shop/a", "--policy-dir");
      }
      assertThat(mode(server, "a")).isEqualTo("STRICT");
      server.admin("POST", "/v1/apply", document("by-hand", "STRICT")).ok();
      write("a.yaml", "a", "DISABLE");
      await().until(() -> mode(server, "a").equals("DISABLE"));
      assertThat(names(server)).containsExactly("a", "by-hand");
    }
    try (TestServer server = TestServer.start(data)) {
      server.admin("POST", "/v1/apply", document("a", "STRICT")).ok();
      assertThat(server.admin("GET", "/v1/instances", null).ok().has("policyDirectory")).isFalse();
    }
  }

  @Test
  void waitsForWhatStandsInItsWay() throws IOException {
    write("a.yaml", "a", "STRICT");
    String others =
        Json.object()
            .put("set", "other")
            .set(
                "files",
                Json.array()
                    .add(Json.object().put("name", "x").put("text", document("b", "STRICT"))))
            .toString();
    try (TestServer server = start()) {
      server.admin("POST", "/v1/policy/changes", others).ok();
      write("b.yaml", "b", "DISABLE");
      await().until(() -> !source(server).path("inForce").asBoolean());
      assertThat(source(server).path("problems").get(0).asText())
          .contains("belongs to the set other");
      server.admin("DELETE", "/v1/resources/pa/shop/b", null).ok();
      await().until(() -> source(server).path("inForce").asBoolean());
      assertThat(mode(server, "b")).isEqualTo("DISABLE");
    }
  }

  private static JsonNode source(TestServer server) {
    return server.admin("GET", "/v1/instances", null).ok().path("policyDirectory");
  }

  private static String mode(TestServer server, String name) {
    return server
        .admin("GET", "/v1/resources/pa/shop/" + name, null)
        .ok()
        .path("spec")
        .path("mtls")
        .path("mode")
        .asText();
  }

  private static List<String> names(TestServer server) {
    List<String> names = new ArrayList<>();
    server
        .admin("GET", "/v1/resources/peerauthentications", null)
        .ok()
        .path("items")
        .forEach(item -> names.add(item.path("metadata").path("name").asText()));
    return names;
  }
}
