package dev.weft.controlserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.policy.snapshot.JwtRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From policy over the identity provider to the agent. */
class IssuerKeysFlowTest {
  @TempDir Path directory;

  @Test
  void anAgentGetsTheKeysThatTheServerFetched() throws Exception {
    HttpServer provider =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/keys",
        exchange -> {
          byte[] keys =
              "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"kid\":\"a\"}]}"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    provider.start();
    String origin = "http://127.0.0.1:" + provider.getAddress().getPort();
    EndUserSettings settings =
        new EndUserSettings(List.of(origin), Map.of(), Duration.ofMinutes(20), 2);
    try (TestServer server = TestServer.start(directory, each -> each.withEndUsers(settings))) {
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of());
      TestAgent.Stream stream = web.watch(0, "");
      assertThat(stream.nextSnapshot().inbound.trustedProxies).isEqualTo(2);
      server
          .admin(
              "POST",
              "/v1/apply",
              """
              apiVersion: security.istio.io/v1
              kind: RequestAuthentication
              metadata: {name: ra, namespace: shop}
              spec:
                jwtRules:
                - {issuer: a, jwksUri: "%s/keys"}
                - {issuer: b, jwksUri: "http://localhost:1/keys"}
              """
                  .formatted(origin))
          .ok();
      List<JwtRule> rules = stream.nextSnapshot().inbound.jwtRules;
      while (rules.get(0).keys.isEmpty()) {
        rules = stream.nextSnapshot().inbound.jwtRules;
      }
      assertThat(rules.get(0).keys).extracting(key -> key.id).containsExactly("a");
      assertThat(rules.get(1).keys).isEmpty();
      assertThat(server.admin("GET", "/v1/instances", null).ok().path("issuerKeys").toString())
          .contains(origin + "/keys", "--jwks-from http://localhost:1");
      assertThat(server.anonymous("GET", "/metrics", null).body())
          .contains("weft_issuer_keys_failing 1.0");
    } finally {
      provider.stop(0);
    }
  }
}
