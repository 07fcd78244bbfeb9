package dev.weft.controlserver.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.controlserver.FakeTime;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.TestPki;
import dev.weft.controlserver.TestServer;
import dev.weft.policy.InstanceReport;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who joined by a connection is known on it, and nowhere else, as long as it would be anyway. */
class JoinedConnectionTest {
  @TempDir Path directory;

  @Test
  void whoJoinedByAConnectionIsKnownOnItAndOnNoOther() {
    try (TestServer server = TestServer.start(directory)) {
      HttpClient client = server.client(null, List.of());
      assertThat(register(server, client).errorCode()).isEqualTo("certificate-required");
      server.join(client, "weft-join.nonsense", "orders", csr());
      assertThat(register(server, client).errorCode())
          .as("a refused join changes nothing")
          .isEqualTo("certificate-required");
      assertThat(join(server, client).path("speaksForConnection").asBoolean()).isTrue();

      register(server, client).ok();
      HttpClient other = server.client(null, List.of());
      assertThat(register(server, other).errorCode()).isEqualTo("certificate-required");
      assertThat(register(server, client, "billing").status())
          .as("it is the token's service, not any")
          .isEqualTo(403);
      assertThat(server.send(client, "GET", "/v1/instances", null, null).status()).isEqualTo(401);

      withdraw(server);
      assertThat(register(server, client).errorCode()).isEqualTo("identity-withdrawn");
    }
  }

  @Test
  void itEndsWithTheCertificate() {
    FakeTime time = new FakeTime(Instant.now());
    try (TestServer server = TestServer.start(directory, settings -> settings, time)) {
      HttpClient client = server.client(null, List.of());
      join(server, client);
      register(server, client).ok();
      time.advance(Duration.ofDays(2));
      assertThat(register(server, client).errorCode()).isEqualTo("certificate-refused");
    }
  }

  private static JsonNode join(TestServer server, HttpClient client) {
    return server.join(client, server.token("orders", 1), "orders", csr()).ok();
  }

  private static String csr() {
    return TestPki.csrText(TestPki.ec("secp256r1"));
  }

  private static TestServer.Answer register(TestServer server, HttpClient client) {
    return register(server, client, "orders");
  }

  private static TestServer.Answer register(TestServer server, HttpClient client, String service) {
    InstanceReport report =
        InstanceReport.builder()
            .service(service)
            .namespace("shop")
            .serviceAccount(service)
            .address("")
            .port(0)
            .mtls(true)
            .agentVersion("test")
            .build();
    return server.send(
        client,
        "PUT",
        "/v1/agent/instances/" + service + "-1",
        null,
        new String(report.toJson(), StandardCharsets.UTF_8));
  }

  private static void withdraw(TestServer server) {
    server
        .admin(
            "POST",
            "/v1/identities/withdraw",
            Json.object().put("spiffeId", "spiffe://cluster.local/ns/shop/sa/orders").toString())
        .ok();
  }
}
