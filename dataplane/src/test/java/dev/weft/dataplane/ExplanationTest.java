package dev.weft.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.snapshot.CompiledRoute;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.Mirror;
import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.RateLimit;
import dev.weft.policy.snapshot.Redirect;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.Source;
import dev.weft.policy.snapshot.StringMatch;
import dev.weft.policy.snapshot.Subset;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an agent says it would do is what it does. */
class ExplanationTest {
  private long hedgeAfterMillis;
  private static final String ORDERS = "orders.shop.svc.cluster.local";
  private static final String WEB = "spiffe://cluster.local/ns/shop/sa/web";

  private final DataPlane dataPlane = DataPlane.builder().build();

  private static Endpoint endpoint(String id, String version, boolean mtls) {
    Endpoint.Builder endpoint =
        Endpoint.builder()
            .id(id)
            .address("10.0.0.1")
            .port(8080)
            .labels(Collections.singletonMap("version", version));
    return mtls ? endpoint.mtls(true).spiffeId(WEB).build() : endpoint.build();
  }

  private static RouteMatch toBob() {
    StringMatch bob = StringMatch.exact("bob");
    return RouteMatch.builder()
        .uri(StringMatch.prefix("/v2"))
        .headers(Collections.singletonMap("x-user", bob))
        .build();
  }

  private static Backend backend(String subset, int weight) {
    return Backend.builder().host(ORDERS).subset(subset).weight(weight).build();
  }

  private static Subset subset(String version) {
    return Subset.builder()
        .name(version)
        .labels(Collections.singletonMap("version", version))
        .build();
  }

  @Test
  void saysWhatIsHedged() {
    hedgeAfterMillis = 50;
    apply(InboundPolicy.builder().build());
    assertThat(lines(dataPlane.explain(question("outbound", "GET", "/"))))
        .anyMatch(
            line ->
                line.startsWith("RETRY: up to 2 retries")
                    && line.endsWith(
                        "; another endpoint beside one that has not answered after 50 ms, where"
                            + " the client can"));
  }

  private void apply(InboundPolicy inbound, Route... routes) {
    Service orders =
        Service.builder()
            .host(ORDERS)
            .name("orders")
            .namespace("shop")
            .authorities(Arrays.asList("orders", ORDERS))
            .endpoints(Arrays.asList(endpoint("o-1", "v1", false), endpoint("o-2", "v2", true)))
            .subsets(Arrays.asList(subset("v1"), subset("v2")))
            .trafficPolicy(TrafficPolicy.builder().hedgeAfterMillis(hedgeAfterMillis).build())
            .routes(Arrays.asList(routes))
            .build();
    dataPlane
        .snapshots()
        .apply(
            Snapshot.builder()
                .version(7)
                .epoch("e")
                .trustDomain("cluster.local")
                .services(Collections.singletonList(orders))
                .inbound(inbound)
                .build());
  }

  private static Map<String, Object> question(String side, String method, String path) {
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("side", side);
    question.put("method", method);
    question.put("scheme", "http");
    question.put("authority", "orders");
    question.put("path", path);
    question.put("remoteAddress", "10.0.0.9");
    question.put("port", 8080);
    return question;
  }

  private static List<String> lines(Map<String, Object> answer) {
    List<String> lines = new ArrayList<>();
    for (Object each : (List<?>) answer.get("steps")) {
      Map<?, ?> step = (Map<?, ?>) each;
      lines.add(step.get("stage") + ": " + step.get("text"));
      for (Object detail : (List<?>) step.get("details")) {
        lines.add("  " + detail);
      }
    }
    return lines;
  }

  @Test
  void saysWhichRuleTakesTheRequestAndWhyNotThoseBefore() {
    apply(
        InboundPolicy.builder().build(),
        Route.builder()
            .name("bob")
            .matches(Collections.singletonList(toBob()))
            .backends(Collections.singletonList(backend("v2", 1)))
            .build(),
        Route.builder()
            .name("rest")
            .timeoutMillis(5_000)
            .backends(Arrays.asList(backend("v1", 90), backend("v2", 10)))
            .build());
    Map<String, Object> question = question("outbound", "GET", "/v2/1?a=b");
    question.put("headers", Collections.singletonMap("X-User", "alice"));
    Map<String, Object> answer = dataPlane.explain(question);
    assertThat(lines(answer))
        .containsExactly(
            "RESOLVE: orders is the service " + ORDERS,
            "ROUTE: by the rules for " + ORDERS,
            "  rule 1 of 2 \"bob\" does not match:",
            "    match 1 fails at header x-user exact \"bob\" (it is \"alice\")",
            "  rule 2 of 2 \"rest\" matches: it takes every request",
            "DEADLINE: 5000 ms for the whole call, retries included",
            "RETRY: up to 2 retries on connect-failure,refused-stream,unavailable,cancelled and"
                + " status [503] (the default)",
            "BALANCE: 90 of 100 by weight: " + ORDERS + "/v1, 1 endpoint, LEAST_REQUEST",
            "  o-1 at 10.0.0.1:8080: in rotation, 0 under way, plaintext",
            "BALANCE: 10 of 100 by weight: " + ORDERS + "/v2, 1 endpoint, LEAST_REQUEST",
            "  o-2 at 10.0.0.1:8080: in rotation, 0 under way, refused: status 503, o-2 at"
                + " 10.0.0.1:8080 needs mTLS, but this agent has no identity yet: is the control"
                + " server up?");
    assertThat(answer)
        .containsEntry("version", 7L)
        .containsEntry("ended", false)
        .containsEntry("service", ORDERS);
    question.put("headers", Collections.singletonMap("x-user", "bob"));
    assertThat(lines(dataPlane.explain(question)))
        .contains(
            "  rule 1 of 2 \"bob\" matches: match 1 holds (uri prefix \"/v2\", header x-user exact"
                + " \"bob\")");
  }

  @Test
  void saysWhatLeavesUntouchedAndWhatIsRefused() {
    apply(
        InboundPolicy.builder().build(),
        Route.builder()
            .name("down")
            .matches(Collections.singletonList(toBob()))
            .fault(Fault.builder().abortStatus(418).abortPercent(100).build())
            .build());
    Map<String, Object> question = question("outbound", "GET", "/v1");
    Map<String, Object> none = dataPlane.explain(question);
    assertThat(none).containsEntry("ended", true);
    assertThat(lines(none))
        .contains(
            "    match 1 fails at uri prefix \"/v2\" (it is \"/v1\"), header x-user exact \"bob\""
                + " (it is absent)",
            "  refused: status 404, no route of " + ORDERS + " matches the request");
    question.put("path", "/v2");
    question.put("headers", Collections.singletonMap("x-user", "bob"));
    assertThat(lines(dataPlane.explain(question)))
        .contains(
            "FAULT: answers 100.0 % with 418", "  refused by down: status 418, fault filter abort");
    apply(
        InboundPolicy.builder().build(),
        Route.builder()
            .fault(Fault.builder().abortGrpcStatus(14).abortPercent(100).build())
            .build());
    assertThat(lines(dataPlane.explain(question)))
        .contains("FAULT: answers 100.0 % with gRPC's UNAVAILABLE");
    question.put("scheme", "https");
    assertThat(lines(dataPlane.explain(question)))
        .containsExactly("RESOLVE: passthrough: over https the application keeps its own TLS");
    question.put("scheme", "http");
    question.put("authority", "elsewhere.example");
    assertThat(lines(dataPlane.explain(question)).get(0)).contains("passthrough: no service");
    dataPlane
        .snapshots()
        .apply(
            dataPlane.snapshots().current().document().toBuilder()
                .outbound(OutboundTrafficPolicy.REGISTRY_ONLY)
                .build());
    assertThat(lines(dataPlane.explain(question)))
        .containsExactly(
            "RESOLVE: elsewhere.example is no service of the mesh",
            "  refused: status 502, no service of the mesh is called elsewhere.example, and"
                + " outboundTrafficPolicy is REGISTRY_ONLY");
  }

  @Test
  void saysWhoGetsCopies() {
    Mirror known = Mirror.builder().host(ORDERS).subset("v1").percent(25).build();
    Mirror gone = Mirror.builder().host("gone.example").percent(100).build();
    apply(
        InboundPolicy.builder().build(),
        Route.builder()
            .backends(Collections.singletonList(backend("v1", 1)))
            .mirrors(Arrays.asList(known, gone))
            .build());
    assertThat(lines(dataPlane.explain(question("outbound", "GET", "/"))))
        .contains(
            "  25.0 % are copied to " + ORDERS + "/v1, unheard",
            "  100.0 % are copied to gone.example, which is not known here: no copy is made");
  }

  @Test
  void saysWhatARuleAnswersOrRewrites() {
    apply(
        InboundPolicy.builder().build(),
        Route.builder()
            .name("moved")
            .matches(
                Collections.singletonList(
                    RouteMatch.builder().uri(StringMatch.prefix("/old")).build()))
            .redirect(
                Redirect.builder()
                    .status(301)
                    .path(PathRewrite.builder().value("/new").build())
                    .build())
            .build(),
        Route.builder()
            .name("rest")
            .rewrite(
                Rewrite.builder()
                    .path(PathRewrite.builder().value("/api").build())
                    .authority("api")
                    .build())
            .backends(Collections.singletonList(backend("v1", 1)))
            .build());
    Map<String, Object> moved = dataPlane.explain(question("outbound", "GET", "/old"));
    assertThat(moved).containsEntry("ended", true);
    assertThat(lines(moved))
        .contains("  answered by moved: status 301, location http://orders/new");
    Map<String, Object> rewritten = dataPlane.explain(question("outbound", "GET", "/x"));
    assertThat(lines(rewritten)).contains("  sent as /api to the host api");
    assertThat(rewritten).containsEntry("ended", false).containsEntry("path", "/api");
    assertThat(((Map<?, ?>) rewritten.get("headers")).get("host")).isEqualTo("api");
  }

  @Test
  void takesNothingFromRealCalls() {
    apply(InboundPolicy.builder().build());
    for (int i = 0; i < 3; i++) {
      assertThat(lines(dataPlane.explain(question("outbound", "GET", "/"))))
          .contains("  o-1 at 10.0.0.1:8080: in rotation, 0 under way, plaintext");
    }
  }

  @Test
  void saysWhichPolicyLetsInOrNotAsTheDriverDoes() {
    AuthorizationPolicy noDelete =
        AuthorizationPolicy.builder()
            .namespace("shop")
            .name("no-delete")
            .action(AuthorizationPolicy.Action.DENY)
            .rules(
                Collections.singletonList(
                    Rule.builder()
                        .to(
                            Collections.singletonList(
                                Operation.builder()
                                    .methods(Collections.singletonList("DELETE"))
                                    .build()))
                        .build()))
            .build();
    AuthorizationPolicy web =
        AuthorizationPolicy.builder()
            .namespace("shop")
            .name("web")
            .action(AuthorizationPolicy.Action.ALLOW)
            .rules(
                Collections.singletonList(
                    Rule.builder()
                        .from(
                            Collections.singletonList(
                                Source.builder()
                                    .principals(
                                        Collections.singletonList("cluster.local/ns/shop/sa/web"))
                                    .build()))
                        .to(
                            Collections.singletonList(
                                Operation.builder()
                                    .paths(Collections.singletonList("/open/*"))
                                    .build()))
                        .build()))
            .build();
    apply(
        InboundPolicy.builder()
            .mode(MtlsMode.PERMISSIVE)
            .portModes(Collections.singletonMap(9090, MtlsMode.STRICT))
            .authorization(Arrays.asList(noDelete, web))
            .build());
    int refused = 0;
    for (String peer : new String[] {null, WEB, WEB + "2"}) {
      for (String method : new String[] {"GET", "DELETE"}) {
        for (String path : new String[] {"/open/a", "/closed", "/open/%2e%2e/b", "/a%2fb"}) {
          for (int port : new int[] {8080, 9090}) {
            Map<String, Object> question = question("inbound", method, path);
            question.put("peer", peer);
            question.put("port", port);
            InboundExchange real = dataPlane.inbound().begin(new AskedRequest(question));
            Map<String, Object> answer = dataPlane.explain(question);
            assertThat(answer).as(question.toString()).containsEntry("ended", !real.permitted());
            List<String> lines = lines(answer);
            if (!real.permitted()) {
              assertThat(lines.get(lines.size() - 1))
                  .contains("status " + real.rejection().status(), real.rejection().reason());
              refused++;
            }
          }
        }
      }
    }
    assertThat(refused).isBetween(1, 47);
    Map<String, Object> question = question("inbound", "GET", "/closed");
    question.put("peer", WEB);
    assertThat(lines(dataPlane.explain(question)))
        .containsExactly(
            "IDENTIFY: mTLS mode PERMISSIVE on port 8080; the caller is " + WEB,
            "AUTHORIZE: 1 DENY, 1 ALLOW",
            "  DENY shop/no-delete, rule 1 of 1 does not hold:",
            "    to: the request is none of { methods[DELETE] }",
            "  ALLOW shop/web, rule 1 of 1 does not hold:",
            "    to: the request is none of { paths[/open/*] }",
            "  refused by no-allow-matched: status 403, RBAC: access denied");
  }

  @Test
  void saysWhichConditionOnTheConnectionDoesNotHold() {
    apply(
        InboundPolicy.builder()
            .authorization(
                Collections.singletonList(
                    AuthorizationPolicy.builder()
                        .name("named")
                        .namespace("shop")
                        .rules(
                            Collections.singletonList(
                                Rule.builder()
                                    .when(
                                        Arrays.asList(
                                            condition("connection.sni", "orders.shop"),
                                            condition("destination.ip", "10.0.0.0/8")))
                                    .build()))
                        .build()))
            .build());
    Map<String, Object> question = question("inbound", "GET", "/");
    assertThat(lines(dataPlane.explain(question)))
        .contains(
            "    when: connection.sni [orders.shop] does not hold",
            "    when: destination.ip [10.0.0.0/8] does not hold");
    question.put("serverName", "orders.shop");
    question.put("localAddress", "10.0.0.7");
    assertThat(dataPlane.explain(question)).containsEntry("ended", false);
  }

  private static Condition condition(String key, String value) {
    return Condition.builder().key(key).values(Collections.singletonList(value)).build();
  }

  @Test
  void saysWhichLimitsCountARequestAndTakesNothing() {
    RateLimit all =
        RateLimit.builder().name("shop/l/all").namespace("shop").perSecond(1.5).burst(1).build();
    RateLimit closed =
        all.toBuilder()
            .name("shop/l/closed")
            .byIdentity(true)
            .instances(3)
            .rules(
                Collections.singletonList(
                    Rule.builder()
                        .to(
                            Collections.singletonList(
                                Operation.builder()
                                    .paths(Collections.singletonList("/closed"))
                                    .build()))
                        .build()))
            .build();
    apply(InboundPolicy.builder().limits(Arrays.asList(closed, all)).build());
    Map<String, Object> question = question("inbound", "GET", "/open");
    for (int i = 0; i < 3; i++) {
      assertThat(lines(dataPlane.explain(question)))
          .endsWith(
              "LIMIT: 2 limits",
              "  shop/l/closed: 1.5000 a second, 1 at once, by identity, this instance a share of"
                  + " 1/3 does not hold for it",
              "  shop/l/all: 1.5000 a second, 1 at once counts it");
    }
    assertThat(dataPlane.inbound().begin(new AskedRequest(question)).permitted()).isTrue();
  }

  @Test
  void choosesTheRouteThatRealCallsTake() {
    apply(
        InboundPolicy.builder().build(),
        Route.builder()
            .name("bob")
            .matches(Collections.singletonList(toBob()))
            .backends(Collections.singletonList(backend("v1", 1)))
            .build(),
        Route.builder().name("rest").backends(Collections.singletonList(backend("v2", 1))).build());
    for (String path : new String[] {"/v2", "/v3", "/v2?x"}) {
      for (String user : new String[] {"bob", "eve"}) {
        Map<String, Object> question = question("outbound", "GET", path);
        question.put("headers", Collections.singletonMap("x-user", user));
        CompiledRoute real =
            dataPlane.snapshots().current().service(ORDERS).route(new AskedRequest(question));
        assertThat(String.join("\n", lines(dataPlane.explain(question))))
            .contains("\"" + real.name() + "\" matches:");
      }
    }
  }

  @Test
  void namesWhatAQuestionLacks() {
    assertThatThrownBy(() -> dataPlane.explain(question("outbound", "GET", "/")))
        .hasMessage("this agent has no policy yet");
    apply(InboundPolicy.builder().build());
    assertThatThrownBy(() -> dataPlane.explain(question("sideways", "GET", "/")))
        .hasMessage("\"side\" must be outbound or inbound");
    Map<String, Object> question = question("inbound", "GET", "/");
    question.put("peer", "bob");
    assertThatThrownBy(() -> dataPlane.explain(question))
        .hasMessage("\"peer\" must be a SPIFFE ID, not bob");
    question.remove("peer");
    question.remove("port");
    assertThatThrownBy(() -> dataPlane.explain(question))
        .hasMessage("the question lacks the number \"port\"");
    assertThatThrownBy(() -> dataPlane.explain(question("outbound", "GET", "x")))
        .hasMessageContaining("must begin with /");
  }
}
