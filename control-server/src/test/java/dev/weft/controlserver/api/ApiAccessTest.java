package dev.weft.controlserver.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.ServiceConfig;
import dev.weft.controlserver.ControlServerAccess;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.TestAgent;
import dev.weft.controlserver.TestServer;
import dev.weft.policy.AccessToken;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every endpoint the router knows, against every kind of caller. */
class ApiAccessTest {
  /** The rule of each endpoint; one that is routed but not here fails the test. */
  private static final Map<String, Role> RULES =
      Map.ofEntries(
          Map.entry("POST /v1/agent/join", Role.JOIN_TOKEN),
          Map.entry("POST /v1/agent/renew", Role.AGENT),
          Map.entry("PUT /v1/agent/instances/{instanceId}", Role.AGENT),
          Map.entry("DELETE /v1/agent/instances/{instanceId}", Role.AGENT),
          Map.entry("GET /v1/agent/watch", Role.AGENT),
          Map.entry("POST /v1/agent/ack", Role.AGENT),
          Map.entry("POST /v1/apply", Role.OPERATOR),
          Map.entry("POST /v1/policy/changes", Role.OPERATOR),
          Map.entry("POST /v1/instances/{instanceId}/explain", Role.OPERATOR),
          Map.entry("POST /v1/agent/answers", Role.AGENT),
          Map.entry("GET /v1/policy/history", Role.OPERATOR),
          Map.entry("POST /v1/policy/analysis", Role.OPERATOR),
          Map.entry("POST /v1/policy/rollback", Role.OPERATOR),
          Map.entry("GET /v1/resources/{kind}", Role.OPERATOR),
          Map.entry("GET /v1/resources/{kind}/{namespace}/{name}", Role.OPERATOR),
          Map.entry("DELETE /v1/resources/{kind}/{namespace}/{name}", Role.OPERATOR),
          Map.entry("GET /v1/instances", Role.OPERATOR),
          Map.entry("POST /v1/tokens", Role.OPERATOR),
          Map.entry("POST /v1/identities/withdraw", Role.OPERATOR),
          Map.entry("POST /v1/identities/restore", Role.OPERATOR),
          Map.entry("GET /v1/identities/withdrawn", Role.OPERATOR),
          Map.entry("GET /v1/ca", Role.OPERATOR),
          Map.entry("POST /v1/ca/rotate", Role.OPERATOR),
          Map.entry("POST /v1/restored/confirm", Role.OPERATOR),
          Map.entry("GET /v1/version", Role.OPERATOR),
          Map.entry("GET /healthz", Role.OPEN),
          Map.entry("GET /metrics", Role.OPEN));

  @TempDir Path directory;

  @Test
  void everyEndpointHasItsRuleAndKeepsIt() {
    try (TestServer server = TestServer.start(directory)) {
      Map<String, Role> routed = new TreeMap<>();
      for (ServiceConfig config : ControlServerAccess.api(server.server()).routed()) {
        Endpoint endpoint = config.service().as(ApiService.class).endpoint();
        for (HttpMethod method : config.route().methods()) {
          routed.put(method + " " + endpoint.path(), endpoint.role());
        }
      }
      assertThat(routed).isEqualTo(new TreeMap<>(RULES));

      TestAgent agent = server.agent("orders", "orders-1");
      TestAgent withdrawn = server.agent("stolen", "stolen-1");
      server
          .admin(
              "POST",
              "/v1/identities/withdraw",
              Json.object().put("spiffeId", "spiffe://cluster.local/ns/shop/sa/stolen").toString())
          .ok();
      HttpClient anonymous = server.client(null, List.of());
      String forgedAdmin =
          AccessToken.generate(
                  AccessToken.Kind.ADMIN,
                  AccessToken.parse(server.adminToken()).rootFingerprint(),
                  new SecureRandom())
              .text();
      String join = server.token("orders", 1);
      int checked = 0;
      for (Map.Entry<String, Role> rule : RULES.entrySet()) {
        String method = rule.getKey().split(" ")[0];
        String path =
            rule.getKey()
                .split(" ")[1]
                .replace("{instanceId}", "orders-1")
                .replace("{kind}", "virtualservices")
                .replace("{namespace}", "shop")
                .replace("{name}", "orders");
        Map<String, Integer> statuses = new LinkedHashMap<>();
        statuses.put("anonymous", server.send(anonymous, method, path, null, "{}").status());
        statuses.put("join", server.send(anonymous, method, path, join, "{}").status());
        statuses.put("forged", server.send(anonymous, method, path, forgedAdmin, "{}").status());
        statuses.put(
            "garbage", server.send(anonymous, method, path, "weft-admin.x", "{}").status());
        if (!rule.getKey().equals("GET /v1/agent/watch")) {
          statuses.put("agent", server.send(agent.client, method, path, null, "{}").status());
          statuses.put(
              "admin", server.send(anonymous, method, path, server.adminToken(), "{}").status());
        }
        statuses.put("withdrawn", server.send(withdrawn.client, method, path, null, "{}").status());
        statuses.forEach(
            (caller, status) -> {
              boolean passes = status != 401 && !(status == 403 && caller.equals("withdrawn"));
              boolean expected =
                  switch (rule.getValue()) {
                    case OPEN -> true;
                    case JOIN_TOKEN -> caller.equals("join");
                    case AGENT -> caller.equals("agent");
                    case OPERATOR -> caller.equals("admin");
                  };
              assertThat(passes)
                  .as(rule.getKey() + " by " + caller + " answered " + status)
                  .isEqualTo(expected);
            });
        checked += statuses.size();
      }
      System.out.println("endpoint x caller: " + checked + " combinations");
    }
  }
}
