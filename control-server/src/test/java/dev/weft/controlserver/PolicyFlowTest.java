package dev.weft.controlserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.MtlsMode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policy through the API: applied whole or not at all, read back, deleted. */
class PolicyFlowTest {
  private static final String STRICT =
      """
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
      """;

  @TempDir Path directory;

  @Test
  void appliesReadsAndDeletes() {
    try (TestServer server = TestServer.start(directory)) {
      JsonNode dry = server.admin("POST", "/v1/apply?dryRun=true", STRICT).ok();
      assertThat(dry.path("results").get(0).path("action").asText()).isEqualTo("created");
      assertThat(list(server)).isEmpty();
      JsonNode first = server.admin("POST", "/v1/apply", STRICT).ok();
      assertThat(first.path("results").get(0).path("action").asText()).isEqualTo("created");
      JsonNode again = server.admin("POST", "/v1/apply", STRICT).ok();
      assertThat(again.path("results").get(0).path("action").asText()).isEqualTo("unchanged");
      assertThat(again.path("version")).isEqualTo(first.path("version"));
      JsonNode stored =
          server.admin("GET", "/v1/resources/pa/shop/default", null).ok().path("metadata");
      assertThat(stored.path("resourceVersion").asText()).isEqualTo(first.path("version").asText());
      assertThat(stored.path("creationTimestamp").asText()).isNotEmpty();
      JsonNode changed =
          server.admin("POST", "/v1/apply", STRICT.replace("STRICT", "DISABLE")).ok();
      assertThat(changed.path("results").get(0).path("action").asText()).isEqualTo("configured");
      server.admin("DELETE", "/v1/resources/peerauthentication/shop/default", null).ok();
      assertThat(
              server
                  .admin("DELETE", "/v1/resources/peerauthentication/shop/default", null)
                  .status())
          .isEqualTo(404);
      assertThat(server.admin("GET", "/v1/resources/gadgets", null).body())
          .contains("peerauthentications");
    }
  }

  @Test
  void warnsOfWhatHasNoEffect() {
    String ingress =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: edge, namespace: shop}
        spec:
          hosts: [orders]
          gateways: [edge]
          http: [{route: [{destination: {host: elsewhere}}]}]
        """;
    try (TestServer server = TestServer.start(directory)) {
      JsonNode answer = server.admin("POST", "/v1/apply?file=edge.yaml", ingress).ok();
      JsonNode warning = answer.path("warnings").get(0);
      assertThat(warning.path("file").asText() + ":" + warning.path("line").asInt())
          .isEqualTo("edge.yaml:6");
      assertThat(warning.path("message").asText())
          .startsWith("has no effect: Weft has no gateways");
      JsonNode status = server.admin("GET", "/v1/resources/vs/shop/edge", null).ok().path("status");
      JsonNode message = status.path("validationMessages").get(0);
      assertThat(message.path("field").asText()).isEqualTo("spec.gateways");
      assertThat(message.path("level").asText()).isEqualTo("WARNING");
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of());
      assertThat(web.watch(0, "").nextSnapshot().services)
          .noneMatch(service -> service.host.startsWith("elsewhere"));
    }
  }

  @Test
  void tellsOfARouteWhereItIsInForceAndWhatItLacks() {
    String route =
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: r, namespace: shop}
        spec:
          parentRefs:
          - {group: "", kind: Service, name: orders, port: 80}
          - {group: networking.istio.io, kind: ServiceEntry, name: entry}
          rules:
          - backendRefs:
            - {name: orders, port: 80}
            - {name: nobody, port: 80}
            - {name: stock, namespace: stock, port: 80}
        """;
    try (TestServer server = TestServer.start(directory)) {
      server.agent("orders", "orders-1").register(8080, Map.of());
      server.admin("POST", "/v1/apply", route).ok();
      JsonNode parents =
          server
              .admin("GET", "/v1/resources/httproutes/shop/r", null)
              .ok()
              .path("status")
              .path("parents");
      assertThat(parents).hasSize(2);
      JsonNode orders = parents.get(0);
      assertThat(orders.path("parentRef").path("port").asInt()).isEqualTo(80);
      assertThat(orders.path("controllerName").asText()).isEqualTo("weft.dev/mesh");
      assertThat(orders.path("conditions").get(0).path("status").asText()).isEqualTo("True");
      JsonNode resolved = orders.path("conditions").get(1);
      assertThat(resolved.path("type").asText()).isEqualTo("ResolvedRefs");
      assertThat(resolved.path("status").asText()).isEqualTo("False");
      assertThat(resolved.path("reason").asText()).isEqualTo("BackendNotFound");
      assertThat(resolved.path("message").asText())
          .isEqualTo(
              "no service shop/nobody is known; the namespace stock has no ReferenceGrant for"
                  + " HTTPRoutes of shop to stock: answered with 500");
      JsonNode entry = parents.get(1).path("conditions").get(0);
      assertThat(entry.path("status").asText()).isEqualTo("False");
      assertThat(entry.path("reason").asText()).isEqualTo("NoMatchingParent");
    }
  }

  @Test
  void analyzesWhatIsInForceWithWhatRuns() {
    String rule =
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: web, namespace: shop}
        spec: {host: web, subsets: [{name: v1, labels: {version: %s}}]}
        """;
    try (TestServer server = TestServer.start(directory)) {
      server.admin("POST", "/v1/apply", rule.formatted("v1")).ok();
      assertThat(server.admin("GET", "/v1/resources/dr/shop/web", null).ok().has("status"))
          .as("nothing is known to run yet")
          .isFalse();
      server.agent("web", "web-1").register(0, Map.of("version", "v1"));
      assertThat(server.admin("GET", "/v1/resources/dr/shop/web", null).ok().has("status"))
          .isFalse();
      JsonNode asked =
          server
              .admin(
                  "POST",
                  "/v1/policy/analysis",
                  Json.object()
                      .set(
                          "files",
                          Json.array()
                              .add(
                                  Json.object()
                                      .put("name", "x.yaml")
                                      .put("text", rule.formatted("v2"))))
                      .toString())
              .ok()
              .path("findings");
      assertThat(asked).hasSize(1);
      assertThat(asked.get(0).path("code").asText()).isEqualTo("IST0173");
      assertThat(asked.get(0).path("file").asText()).isEqualTo("x.yaml");
      server.admin("POST", "/v1/apply", rule.formatted("v2")).ok();
      JsonNode message =
          server
              .admin("GET", "/v1/resources/dr?namespace=shop", null)
              .ok()
              .path("items")
              .get(0)
              .path("status")
              .path("validationMessages")
              .get(0);
      assertThat(message.path("type").path("code").asText()).isEqualTo("IST0173");
      assertThat(message.path("level").asText()).isEqualTo("ERROR");
      assertThat(server.admin("POST", "/v1/policy/analysis", "{}").ok().path("findings"))
          .hasSize(1);
    }
  }

  @Test
  void changesNothingWhenAnythingIsWrong() {
    try (TestServer server = TestServer.start(directory)) {
      server.admin("POST", "/v1/apply", STRICT).ok();
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of());
      TestAgent.Stream watch = web.watch(0, "");
      assertThat(watch.nextSnapshot().inbound.mode).isEqualTo(MtlsMode.STRICT);
      String half =
          STRICT.replace("STRICT", "DISABLE")
              + "---\n"
              + STRICT.replace("default,", "second,").replace("mode: STRICT", "mode: LOOSE");
      TestServer.Answer refused = server.admin("POST", "/v1/apply?file=mesh.yaml", half);
      assertThat(refused.status()).isEqualTo(422);
      JsonNode detail = refused.json().path("error").path("details").get(0);
      assertThat(detail.path("file").asText()).isEqualTo("mesh.yaml");
      assertThat(detail.path("line").asInt()).isEqualTo(9);
      assertThat(detail.path("column").asInt()).isPositive();
      assertThat(detail.path("field").asText()).isEqualTo("spec.mtls.mode");
      String bomb =
          "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
              + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
      assertThat(server.admin("POST", "/v1/apply", bomb).status()).isEqualTo(422);
      assertThat(server.admin("POST", "/v1/apply", "").status()).isEqualTo(422);
      assertThat(server.admin("POST", "/v1/apply", "x".repeat(5 * 1024 * 1024)).status())
          .isEqualTo(413);
      assertThat(
              server
                  .admin("GET", "/v1/resources/pa/shop/default", null)
                  .ok()
                  .path("spec")
                  .path("mtls")
                  .path("mode")
                  .asText())
          .isEqualTo("STRICT");
      assertThat(list(server)).hasSize(1);
    }
  }

  @Test
  void aDatabasePolicyReachesItsWorkloadAndOutlivesTheServer() {
    String policy =
        """
        apiVersion: weft.dev/v1alpha1
        kind: DatabasePolicy
        metadata: {name: db, namespace: shop}
        spec:
          match: {urls: ["jdbc:postgresql://db/*"]}
          statements: {readOnly: true, deny: [DDL]}
          circuitBreaker: {consecutiveFailures: 3, openTime: 2s}
        """;
    try (TestServer server = TestServer.start(directory)) {
      server.admin("POST", "/v1/apply", policy).ok();
    }
    try (TestServer server = TestServer.start(directory)) {
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of());
      TestAgent.Stream watch = web.watch(0, "");
      DatabasePolicy sent = watch.nextSnapshot().databases.get(0);
      assertThat(sent.namespace + "/" + sent.name).isEqualTo("shop/db");
      assertThat(sent.statements.readOnly).isTrue();
      assertThat(sent.statements.denied).containsExactly("CREATE", "ALTER", "DROP", "TRUNCATE");
      assertThat(sent.breaker.openMillis).isEqualTo(2_000);
      server.admin("DELETE", "/v1/resources/dbpolicy/shop/db", null).ok();
      assertThat(watch.nextSnapshot().databases).isEmpty();
    }
  }

  @Test
  void survivesARestart() {
    long version;
    try (TestServer server = TestServer.start(directory)) {
      version = server.admin("POST", "/v1/apply", STRICT).ok().path("version").asLong();
    }
    try (TestServer server = TestServer.start(directory)) {
      assertThat(list(server)).hasSize(1);
      assertThat(server.admin("GET", "/v1/version", null).ok().path("version").asLong())
          .isGreaterThanOrEqualTo(version);
      TestAgent web = server.agent("web", "web-1");
      web.register(0, Map.of());
      assertThat(web.watch(0, "").nextSnapshot().inbound.mode).isEqualTo(MtlsMode.STRICT);
    }
  }

  @Test
  void givesYamlThatApplyTakesBack() throws Exception {
    try (TestServer server = TestServer.start(directory)) {
      server.admin("POST", "/v1/apply", STRICT).ok();
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(server.url("/v1/resources/peerauthentications?namespace=shop")))
              .header("authorization", "Bearer " + server.adminToken())
              .header("accept", "application/yaml")
              .build();
      String yaml =
          server.client(null, List.of()).send(request, HttpResponse.BodyHandlers.ofString()).body();
      assertThat(yaml).contains("kind: PeerAuthentication");
      assertThat(
              server
                  .admin("POST", "/v1/apply", yaml)
                  .ok()
                  .path("results")
                  .get(0)
                  .path("action")
                  .asText())
          .isEqualTo("unchanged");
    }
  }

  @Test
  void answersWithoutSecretsToAnybody() {
    try (TestServer server = TestServer.start(directory)) {
      TestAgent orders = server.agent("orders", "orders-1");
      orders.register(8080, Map.of());
      assertThat(server.anonymous("GET", "/healthz", null).ok().path("status").asText())
          .isEqualTo("ok");
      String metrics = server.anonymous("GET", "/metrics", null).body();
      assertThat(metrics)
          .contains("weft_instances{namespace=\"shop\",service=\"orders\",state=\"live\"} 1.0")
          .contains("weft_joins_total 1.0")
          .contains("weft_certificate_expiry_seconds{certificate=\"root\"}")
          .contains("jvm_memory_used_bytes")
          .doesNotContain("weft-join")
          .doesNotContain("weft-admin");
      assertThat(server.anonymous("GET", "/nothing", null).errorCode()).isEqualTo("not-found");
    }
  }

  private static JsonNode list(TestServer server) {
    return server.admin("GET", "/v1/resources/peerauthentications", null).ok().path("items");
  }
}
