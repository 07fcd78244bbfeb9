package dev.weft.controlserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's question goes to one agent, and only its answer comes back. */
class ExplainFlowTest {
  private static final String QUESTION = "{\"side\":\"outbound\",\"path\":\"/x\"}";

  @TempDir Path directory;

  private static CompletableFuture<TestServer.Answer> ask(TestServer server, String instance) {
    return CompletableFuture.supplyAsync(
        () -> server.admin("POST", "/v1/instances/" + instance + "/explain", QUESTION));
  }

  private static ObjectNode answer(String instance, JsonNode line) {
    return Json.object().put("instance", instance).put("question", line.path("id").asText());
  }

  @Test
  void passesOnQuestionAndAnswer() throws Exception {
    try (TestServer server = TestServer.start(directory)) {
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of());
      TestAgent other = server.agent("other", "other-1");
      other.register(0, Map.of());
      TestAgent.Stream watch = web.watch(0, "");
      watch.nextSnapshot();

      CompletableFuture<TestServer.Answer> asked = ask(server, "web-1");
      JsonNode line = watch.nextEvent();
      assertThat(line.path("type").asText()).isEqualTo("explain");
      assertThat(line.path("question").path("path").asText()).isEqualTo("/x");
      ObjectNode forged = answer("web-1", line);
      forged.putObject("answer").put("ended", true);
      assertThat(other.call("POST", "/v1/agent/answers", forged.toString()).status())
          .isEqualTo(403);
      ObjectNode elsewhere = answer("other-1", line);
      elsewhere.putObject("answer").put("ended", true);
      assertThat(
              other
                  .call("POST", "/v1/agent/answers", elsewhere.toString())
                  .ok()
                  .path("wanted")
                  .asBoolean())
          .isFalse();
      ObjectNode empty = answer("web-1", line);
      assertThat(web.call("POST", "/v1/agent/answers", empty.toString()).status()).isEqualTo(400);
      ObjectNode real = answer("web-1", line);
      real.putObject("answer").put("version", 7);
      web.call("POST", "/v1/agent/answers", real.toString()).ok();
      assertThat(asked.get().ok().path("version").asInt()).isEqualTo(7);

      CompletableFuture<TestServer.Answer> unable = ask(server, "web-1");
      ObjectNode error = answer("web-1", watch.nextEvent()).put("error", "no policy yet");
      web.call("POST", "/v1/agent/answers", error.toString()).ok();
      assertThat(unable.get().status()).isEqualTo(409);
      assertThat(unable.get().body()).contains("instance web-1: no policy yet");
    }
  }

  @Test
  void saysWhyThereIsNoAnswer() throws Exception {
    try (TestServer server = TestServer.start(directory)) {
      TestServer.Answer unknown = ask(server, "nobody").get();
      assertThat(unknown.status()).isEqualTo(404);
      assertThat(unknown.body()).contains("there is no instance");
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of());
      TestServer.Answer away = ask(server, "web-1").get();
      assertThat(away.status()).isEqualTo(409);
      assertThat(away.body()).contains("is not connected to this control server");
      TestServer.Answer large =
          server.admin(
              "POST",
              "/v1/instances/web-1/explain",
              Json.object().put("path", "/" + "x".repeat(65_536)).toString());
      assertThat(large.status()).isEqualTo(400);
      web.watch(0, "").nextSnapshot();
      TestServer.Answer silent = ask(server, "web-1").get();
      assertThat(silent.status()).isEqualTo(504);
      assertThat(silent.body()).contains("did not answer in time");
    }
  }
}
