package dev.weft.controlserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.policy.AccessToken;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.trust.ControlServerTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root is replaced while agents and operators hold the old one, the new one, or both. */
class RotationTest {
  @TempDir Path directory;

  private static TestServer.Answer rotate(TestServer server, String step, boolean force) {
    return server.admin(
        "POST", "/v1/ca/rotate", Json.object().put("step", step).put("force", force).toString());
  }

  private static X509Certificate root(TestServer server) {
    return (X509Certificate)
        TestServer.certificate(TestServer.read(server.directory.resolve("ca/root.pem")));
  }

  /** What the holder of {@code token} gets on a connection of its own; 0 when it refuses it. */
  private static int status(TestServer server, ControlServerTrust trust, String bearer)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, null);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url("/v1/version")))
            .header("authorization", "Bearer " + bearer)
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      return HttpClient.newBuilder()
          .sslContext(context)
          .build()
          .send(request, HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException refused) {
      return 0;
    }
  }

  private static JsonNode lease(TestAgent agent) {
    return agent.register(agent.report(0, Map.of()).build()).ok();
  }

  private static int byToken(TestServer server, String pinned, String bearer) throws Exception {
    return status(
        server, ControlServerTrust.pinned(AccessToken.parse(pinned), Clock.systemUTC()), bearer);
  }

  private static int byBundle(TestServer server, X509Certificate root) throws Exception {
    return status(
        server, ControlServerTrust.bundle(List.of(root), Clock.systemUTC()), server.adminToken());
  }

  @Test
  void nobodyFailsUntilTheOldRootIsGone() throws Exception {
    try (TestServer server = TestServer.start(directory)) {
      X509Certificate first = root(server);
      String firstAdmin = server.adminToken();
      String early = server.token("late", 1);
      TestAgent web = server.agent("web", "web-1");
      assertThat(lease(web).has("renew")).isFalse();
      TestAgent.Stream watch = web.watch(0, "");
      web.ack(watch.nextSnapshot(), null);
      assertThat(rotate(server, "promote", true).errorCode()).isEqualTo("wrong-phase");
      assertThat(rotate(server, "finish", true).errorCode()).isEqualTo("wrong-phase");
      assertThat(rotate(server, "sideways", true).status()).isEqualTo(400);

      assertThat(rotate(server, "prepare", false).ok().path("roots")).hasSize(2);
      TestServer.Answer tooEarly = rotate(server, "promote", false);
      assertThat(tooEarly.errorCode()).isEqualTo("too-early");
      assertThat(tooEarly.body()).contains("web-1");
      Snapshot both = watch.nextSnapshot();
      assertThat(both.trustBundle).hasSize(2);
      web.ack(both, null);
      assertThat(root(server)).isEqualTo(first);

      assertThat(rotate(server, "promote", false).ok().path("phase").asText())
          .isEqualTo("promoted");
      X509Certificate second = root(server);
      assertThat(second).isNotEqualTo(first);
      assertThat(AccessToken.parse(server.adminToken()).trusts(second)).isTrue();
      String fresh = server.token("new", 1);
      assertThat(AccessToken.parse(fresh).trusts(second)).isTrue();
      for (String token : List.of(firstAdmin, early, server.adminToken(), fresh)) {
        assertThat(byToken(server, token, firstAdmin)).isEqualTo(200);
      }
      assertThat(byBundle(server, first)).isEqualTo(200);
      assertThat(byBundle(server, second)).isEqualTo(200);
      assertThat(rotate(server, "finish", false).body())
          .contains("have not renewed theirs yet: web-1");
      assertThat(lease(web.at(server)).path("renew").asBoolean()).isTrue();
      KeyPair key = TestPki.ec("secp256r1");
      assertThat(server.join(early, "late", TestPki.csrText(key)).status()).isEqualTo(200);
      TestAgent renewed = web.renew(server);
      ((X509Certificate) renewed.chain.get(1)).verify(second.getPublicKey());
      assertThat(rotate(server, "finish", false).body())
          .contains("have not renewed theirs yet: web-1");
      assertThat(lease(renewed).has("renew")).isFalse();
      assertThat(rotate(server, "finish", false).body())
          .contains("certificates under the old root are valid until")
          .contains("all live instances have renewed theirs");

      JsonNode done = rotate(server, "finish", true).ok();
      assertThat(done.path("phase").asText()).isEqualTo("stable");
      assertThat(done.path("roots")).hasSize(1);
      TestAgent.Stream old = watch;
      JsonNode line = old.nextEvent();
      while (!line.path("type").asText().equals("closed")) {
        line = old.nextEvent();
      }
      TestServer.Answer refused = web.at(server).register(web.report(0, Map.of()).build());
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.body())
          .contains("root that this mesh has replaced")
          .contains("join again");
      renewed.register(0, Map.of());
      assertThat(renewed.watch(0, "").nextSnapshot().trustBundle).hasSize(1);
      assertThat(byToken(server, firstAdmin, firstAdmin)).isZero();
      assertThat(byToken(server, server.adminToken(), server.adminToken())).isEqualTo(200);
      assertThat(byBundle(server, first)).isZero();
    }
    try (TestServer server = TestServer.start(directory)) {
      assertThat(server.admin("GET", "/v1/ca", null).ok().path("phase").asText())
          .isEqualTo("stable");
    }
  }

  @Test
  void finishesByItselfWhenTheLastOldCertificateHasEnded() {
    FakeTime time = new FakeTime(java.time.Instant.now());
    try (TestServer server =
        TestServer.start(directory, s -> s.withLeafLife(Duration.ofMinutes(20)), time)) {
      rotate(server, "prepare", false).ok();
      rotate(server, "promote", false).ok();
      time.advance(Duration.ofMinutes(20));
      assertThat(rotate(server, "finish", false).errorCode()).isEqualTo("too-early");
      time.advance(Duration.ofMinutes(2));
      rotate(server, "finish", false).ok();
    }
  }
}
