package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.http.AgentResponse;
import dev.weft.dataplane.http.HttpHead;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.AuthorizationPolicy.Action;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.CorsPolicy;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.JwtRule;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.StringMatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies of action CUSTOM, field by field, against an authorizer that the test plays. */
class CheckFilterTest {
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> counted = Collections.synchronizedList(new ArrayList<>());
  private Authorizers authorizer = answering("200 OK", "");
  private long now;
  private final InboundDriver driver =
      InboundDriver.of(
          new InboundObserver() {
            @Override
            public void checked(String provider, CheckOutcome outcome) {
              counted.add(provider + " " + outcome.label());
            }
          },
          (host, port, request, nanos) -> {
            asked.add(
                host
                    + ":"
                    + port
                    + " "
                    + nanos / 1_000_000
                    + "ms\n"
                    + new String(request.message(false), StandardCharsets.ISO_8859_1));
            return authorizer.ask(host, port, request, nanos);
          },
          true,
          () -> now);

  private static Authorizers answering(String status, String body, String... headers) {
    return (host, port, request, nanos) -> {
      StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
      return new AgentResponse(
          HttpHead.read(new ByteArrayInputStream(bytes), 10_000),
          body.getBytes(StandardCharsets.UTF_8));
    };
  }

  private static Authorizers failing(IOException failure) {
    return (host, port, request, nanos) -> {
      throw failure;
    };
  }

  private static ExternalAuthorizer.Builder authz() {
    return ExternalAuthorizer.builder().name("authz").host("authz.shop").port(8000);
  }

  private static AuthorizationPolicy policy(Action action, Rule rule) {
    return AuthorizationPolicy.builder()
        .name("p")
        .namespace("shop")
        .action(action)
        .provider(action == Action.CUSTOM ? "authz" : "")
        .rules(Collections.singletonList(rule))
        .build();
  }

  private static AuthorizationPolicy custom() {
    return policy(Action.CUSTOM, Rule.builder().build());
  }

  private static Rule to(Operation.Builder operation) {
    return Rule.builder().to(Collections.singletonList(operation.build())).build();
  }

  private void inForce(ExternalAuthorizer.Builder provider, AuthorizationPolicy... policies) {
    driver.update(
        InboundPolicy.builder()
            .authorization(Arrays.asList(policies))
            .authorizers(Collections.singletonList(provider.build()))
            .build());
  }

  private InboundExchange ask(FakeRequest request) {
    InboundExchange exchange = driver.begin(request);
    if (exchange.isWaiting()) {
      exchange.ask();
    }
    assertThat(exchange.isWaiting()).isFalse();
    return exchange;
  }

  private LocalReply refusal(FakeRequest request) {
    LocalReply reply = ask(request).rejection();
    assertThat(reply).isNotNull();
    return reply;
  }

  private static FakeRequest get() {
    return FakeRequest.get("/orders?id=1").header("host", "orders:8080");
  }

  @Test
  void whoseCallerGaveUpMeanwhileIsRefusedBehindThePolicies() {
    Authorizers slow = answering("200 OK", "");
    authorizer =
        (host, port, request, nanos) -> {
          now += 300_000_000;
          return slow.ask(host, port, request, nanos);
        };
    inForce(authz(), custom());
    LocalReply late = refusal(get().header(RequestContext.DEADLINE_HEADER, "300"));
    assertThat(late.status()).isEqualTo(504);
    assertThat(late.flag()).isEqualTo(ResponseFlag.DT);
    assertThat(late.headerValue()).isEqualTo("DEADLINE");
    assertThat(late.grpcStatus()).isEqualTo(4);
    assertThat(ask(get().header(RequestContext.DEADLINE_HEADER, "301")).permitted()).isTrue();
    assertThat(ask(get()).permitted()).isTrue();
    inForce(authz(), custom(), policy(Action.DENY, Rule.builder().build()));
    LocalReply denied = refusal(get().header(RequestContext.DEADLINE_HEADER, "300"));
    assertThat(denied.stage()).isEqualTo("AUTHORIZE");
  }

  @Test
  void twoHundredLetsInAndShowsWhatIstioShows() {
    inForce(authz(), custom());
    assertThat(driver.isIndifferent()).isFalse();
    assertThat(ask(get().header("authorization", "Bearer x").header("cookie", "a=b")).permitted())
        .isTrue();
    assertThat(asked)
        .containsExactly(
            "authz.shop:8000 600000ms\n"
                + "GET /orders?id=1 HTTP/1.1\r\nHost: orders:8080\r\n"
                + "authorization: Bearer x\r\nContent-Length: 0\r\n\r\n");
    assertThat(counted).containsExactly("authz allowed");
  }

  @Test
  void untilTheAnswerIsThereTheRequestIsRefused() {
    inForce(authz(), custom());
    InboundExchange exchange = driver.begin(get());
    assertThat(exchange.isWaiting()).isTrue();
    assertThat(exchange.permitted()).isFalse();
    assertThat(exchange.rejection().status()).isEqualTo(403);
    assertThat(exchange.rejection().headerValue()).isEqualTo("CHECK;cannot-wait");
    assertThat(exchange.rejection().body()).contains("cannot wait");
    assertThat(asked).isEmpty();
  }

  @Test
  void aRuleIsMatchedHereFirst() {
    inForce(authz(), policy(Action.CUSTOM, to(Operation.builder().paths(list("/admin")))));
    assertThat(driver.begin(get()).permitted()).isTrue();
    assertThat(driver.begin(FakeRequest.get("/admin")).isWaiting()).isTrue();
    assertThat(
            driver.begin(FakeRequest.get("/x/../admin").path("/x/../admin", "/admin")).isWaiting())
        .as("any reading of the path")
        .isTrue();
    assertThat(driver.begin(FakeRequest.get("/admin;x/..;/")).rejection().headerValue())
        .isEqualTo("AUTHORIZE;ambiguous-path");
    Condition notGold =
        Condition.builder().key("request.headers[x-tier]").notValues(list("gold")).build();
    inForce(
        authz(),
        policy(Action.CUSTOM, Rule.builder().when(Collections.singletonList(notGold)).build()));
    assertThat(driver.begin(get()).isWaiting()).as("what is absent is asked about").isTrue();
    assertThat(driver.begin(get().header("x-tier", "gold")).permitted()).isTrue();
    inForce(authz(), policy(Action.CUSTOM, to(Operation.builder().hosts(list("orders")))));
    assertThat(driver.begin(get().header("host", "other")).rejection().headerValue())
        .isEqualTo("AUTHORIZE;ambiguous-host");
  }

  @Test
  void theQuestionHasThePrefixAndTheHeadersThatPolicyNames() {
    inForce(
        authz()
            .pathPrefix("/check")
            .timeoutMillis(250)
            .includeRequestHeadersInCheck(Arrays.asList("cookie", "x-a*", "*-ID"))
            .includeAdditionalHeadersInCheck(Collections.singletonMap("x-a1", "ours")),
        custom());
    ask(
        get()
            .header("cookie", "a=b")
            .header("x-a1", "theirs")
            .header("x-a2", "2")
            .header("x-a2", "two")
            .header("user-id", "u")
            .header("x-b", "not shown")
            .header("x-weft-rejection", "never"));
    assertThat(asked.get(0))
        .startsWith("authz.shop:8000 250ms\nGET /check/orders?id=1 HTTP/1.1\r\n")
        .contains("cookie: a=b\r\n", "x-a1: ours\r\n", "x-a2: 2\r\n", "x-a2: two\r\n")
        .contains("user-id: u\r\n")
        .doesNotContain("theirs", "x-b", "x-weft");
  }

  @Test
  void anAllowedRequestTakesAlongWhatPolicyNames() {
    inForce(
        authz().headersToUpstreamOnAllow(Arrays.asList("x-user", "x-role*", "content-length")),
        custom());
    authorizer =
        answering(
            "200 OK",
            "",
            "X-User: ann",
            "x-role-1: a",
            "x-role-1: b",
            "x-other: no",
            "content-length: 99",
            "x-weft-deadline: 1",
            "x-envoy-auth-headers-to-remove: cookie, x-secret");
    FakeRequest request =
        get().header("x-user", "root").header("cookie", "a=b").header("x-secret", "s");
    assertThat(ask(request).permitted()).isTrue();
    assertThat(request.headers("x-user")).containsExactly("ann");
    assertThat(request.headers("x-role-1")).containsExactly("a, b");
    assertThat(request.headers("x-other")).isEmpty();
    assertThat(request.headers("content-length")).isEmpty();
    assertThat(request.headers("x-weft-deadline")).isEmpty();
    assertThat(request.headers("cookie")).isEmpty();
    assertThat(request.headers("x-secret")).isEmpty();
  }

  @Test
  void aValueThatCannotBeHandedOnTakesTheCallersOwnOut() {
    inForce(authz().headersToUpstreamOnAllow(list("x-user")), custom());
    authorizer = answering("200 OK", "", "x-user: \u00e4");
    FakeRequest request = get().header("x-user", "root");
    assertThat(ask(request).permitted()).isTrue();
    assertThat(request.headers("x-user")).isEmpty();
  }

  @Test
  void aRefusalHasTheAuthorizersStatusHeadersAndBody() {
    inForce(authz(), custom());
    authorizer =
        answering(
            "302 Found",
            "{go: in}",
            "Location: https://login",
            "Set-Cookie: a=1",
            "Set-Cookie: b=2",
            "Date: then",
            "Server: x",
            "Transfer-Encoding: chunked",
            "Content-Type: application/json");
    LocalReply reply = refusal(get());
    assertThat(reply.status()).isEqualTo(302);
    assertThat(new String(reply.content(), StandardCharsets.UTF_8)).isEqualTo("{go: in}");
    assertThat(reply.headers().get("set-cookie")).containsExactly("a=1", "b=2");
    assertThat(reply.headers())
        .containsOnlyKeys("location", "set-cookie", "content-type", LocalReply.HEADER);
    assertThat(reply.headerValue()).isEqualTo("CHECK;shop/p");
    assertThat(reply.flag().name()).isEqualTo("UAEX");
    assertThat(counted).containsExactly("authz denied");
  }

  @Test
  void theAnswerToAnAllowedRequestHasTheHeadersThatAreNamed() {
    inForce(authz().headersToDownstreamOnAllow(list("set-cookie", "x-*", "content-*")), custom());
    authorizer =
        answering(
            "200 OK",
            "",
            "Set-Cookie: a=1",
            "Set-Cookie: b=2",
            "X-Quota: 7",
            "X-Quota: 8",
            "X-Weft-Peer: forged",
            "X-Odd: a\u0001b",
            "Content-Type: text/odd",
            "Content-Length: 0",
            "Other: no");
    FakeRequest request = get();
    assertThat(ask(request).permitted()).isTrue();
    assertThat(request.answer)
        .containsOnly(entry("set-cookie", "a=1 and b=2"), entry("x-quota", "7, 8"));
    inForce(authz(), custom());
    FakeRequest plain = get();
    assertThat(ask(plain).permitted()).isTrue();
    assertThat(plain.answer).isEmpty();
  }

  @Test
  void whereTheAnswerCannotHaveThemNobodyEnters() {
    inForce(authz().headersToDownstreamOnAllow(list("x-quota")), custom());
    authorizer = answering("200 OK", "", "X-Quota: 7");
    LocalReply reply = refusal(get().unchangeable());
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.flag()).isEqualTo(ResponseFlag.LR);
    authorizer = answering("401 No", "", "X-Quota: 7");
    FakeRequest denied = get();
    assertThat(refusal(denied).status()).isEqualTo(401);
    assertThat(denied.answer).isEmpty();
  }

  @Test
  void whereHeadersAreNamedARefusalHasTheseAndThoseOfEveryRefusal() {
    inForce(authz().headersToDownstreamOnDeny(list("x-why*")), custom());
    authorizer =
        answering(
            "401 Unauthorized", "no", "WWW-Authenticate: Basic", "x-why-not: a", "set-cookie: a=1");
    LocalReply reply = refusal(get());
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers())
        .containsOnlyKeys("www-authenticate", "x-why-not", "content-type", LocalReply.HEADER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 Broken", "503 Gone", "599 Odd"})
  void anErrorOfTheAuthorizerIsNoAnswer(String status) {
    inForce(authz(), custom());
    authorizer = answering(status, "secret", "x-secret: s");
    LocalReply reply = refusal(get());
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.headers()).doesNotContainKey("x-secret");
    assertThat(reply.body()).doesNotContain("secret");
    assertThat(counted).containsExactly("authz failed");
    inForce(authz().failOpen(true), custom());
    assertThat(ask(get()).permitted()).isTrue();
  }

  @Test
  void whoCannotBeAskedFailsClosedUnlessPolicySaysOtherwise() {
    authorizer = failing(new IOException("refused"));
    inForce(authz(), custom());
    assertThat(refusal(get()).status()).isEqualTo(403);
    inForce(authz().statusOnError(503), custom());
    assertThat(refusal(get()).status()).isEqualTo(503);
    authorizer = failing(new SocketTimeoutException("late"));
    assertThat(refusal(get()).status()).isEqualTo(503);
    assertThat(counted).containsExactly("authz failed", "authz failed", "authz timeout");
    inForce(authz().failOpen(true), custom());
    assertThat(ask(get()).permitted()).isTrue();
  }

  @Test
  void aDefectOfOursRefusesEvenWherePolicyFailsOpen() {
    for (Throwable bug :
        new Throwable[] {new IllegalStateException("injected"), new StackOverflowError()}) {
      authorizer =
          (host, port, request, nanos) -> {
            if (bug instanceof Error) {
              throw (Error) bug;
            }
            throw (RuntimeException) bug;
          };
      inForce(authz().failOpen(true), custom());
      assertThat(refusal(get()).status()).isEqualTo(403);
    }
    assertThat(driver.filterFailures()).isEqualTo(2);
  }

  @Test
  void whatCannotBeShownIsRefusedEvenWherePolicyFailsOpen() {
    inForce(authz().failOpen(true).includeRequestHeadersInCheck(list("x-a")), custom());
    for (FakeRequest request :
        new FakeRequest[] {
          get().method("CONNECT"),
          get().method("GET /other HTTP/1.1"),
          get().path("/\u00e4", "/\u00e4"),
          get().header("x-a", "\u20ac"),
          get().header("x-a", "1\r\nx-b: 2")
        }) {
      assertThat(refusal(request).body()).contains("cannot show this request");
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void aProviderThatIsNotKnownRefusesWhatThePolicyMatches() {
    AuthorizationPolicy unknown =
        policy(Action.CUSTOM, to(Operation.builder().paths(list("/admin")))).toBuilder()
            .provider("nobody")
            .build();
    inForce(authz().failOpen(true), unknown);
    LocalReply reply = driver.begin(FakeRequest.get("/admin")).rejection();
    assertThat(reply.status() + reply.headerValue()).isEqualTo("403CHECK;shop/p");
    assertThat(driver.begin(get()).permitted()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void denyAndAllowAreAskedAfterwardsAndSeeWhatTheAuthorizerAdded() {
    Condition role =
        Condition.builder().key("request.headers[x-role]").values(list("admin")).build();
    AuthorizationPolicy allow =
        policy(Action.ALLOW, Rule.builder().when(Collections.singletonList(role)).build());
    inForce(authz().headersToUpstreamOnAllow(list("x-role")), custom(), allow);
    assertThat(refusal(get()).headerValue()).isEqualTo("AUTHORIZE;no-allow-matched");
    authorizer = answering("200 OK", "", "x-role: admin");
    assertThat(ask(get()).permitted()).isTrue();
    inForce(authz(), custom(), policy(Action.DENY, Rule.builder().build()));
    assertThat(refusal(get()).headerValue()).isEqualTo("AUTHORIZE;shop/p");
    authorizer = answering("401 No", "");
    assertThat(refusal(get()).status()).as("CUSTOM comes before DENY").isEqualTo(401);
  }

  @Test
  void tokensAreJudgedAfterwardsAndTheirHeadersAreTakenOutBefore() {
    JwtRule users = JwtRule.builder().issuer("i").outputPayloadToHeader("x-jwt").build();
    driver.update(InboundPolicy.builder().jwtRules(Collections.singletonList(users)).build());
    driver.update(
        InboundPolicy.builder()
            .authorization(Collections.singletonList(custom()))
            .authorizers(
                Collections.singletonList(
                    authz().includeRequestHeadersInCheck(list("x-jwt")).build()))
            .jwtRules(Collections.singletonList(users))
            .build());
    assertThat(driver.filters())
        .containsExactly("IdentifyFilter", "CheckFilter", "AuthenticateFilter", "AuthorizeFilter");
    assertThat(
            refusal(get().header("x-jwt", "spoofed").header("authorization", "Bearer x")).status())
        .isEqualTo(401);
    assertThat(asked.get(0)).contains("Bearer x").doesNotContain("spoofed");
  }

  @Test
  void severalAuthorizersAreAskedInTheOrderOfTheirNamesUntilOneRefuses() {
    AuthorizationPolicy second = custom().toBuilder().name("q").provider("also").build();
    driver.update(
        InboundPolicy.builder()
            .authorization(Arrays.asList(custom(), second, custom()))
            .authorizers(
                Arrays.asList(authz().build(), authz().name("also").host("also.shop").build()))
            .build());
    assertThat(ask(get()).permitted()).isTrue();
    assertThat(counted).containsExactly("also allowed", "authz allowed");
    authorizer = answering("403 No", "");
    assertThat(refusal(get()).headerValue()).isEqualTo("CHECK;shop/q");
    assertThat(counted).hasSize(3);
  }

  @Test
  void nobodyIsAskedLongerThanTheCallerWaits() {
    inForce(authz().timeoutMillis(5_000), custom());
    ask(get().header(RequestContext.DEADLINE_HEADER, "100"));
    assertThat(asked.get(0)).startsWith("authz.shop:8000 100ms");
    InboundExchange late = driver.begin(get().header(RequestContext.DEADLINE_HEADER, "100"));
    now += 100_000_000;
    late.ask();
    assertThat(late.permitted()).isFalse();
    assertThat(asked).hasSize(1);
    assertThat(counted).containsExactly("authz allowed", "authz timeout");
  }

  @Test
  void whoMustNotWaitHasItAskedOnAnotherThreadAsLongAsThereIsOne() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    authorizer =
        (host, port, request, nanos) -> {
          try {
            answer.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return answering("200 OK", "").ask(host, port, request, nanos);
        };
    inForce(authz(), custom());
    BlockingQueue<InboundExchange> decided = new LinkedBlockingQueue<>();
    int accepted = 32 + 256;
    for (int i = 0; i <= accepted; i++) {
      InboundExchange exchange = driver.begin(get());
      exchange.askElsewhere(() -> decided.add(exchange));
    }
    InboundExchange tooMany = decided.take();
    assertThat(tooMany.rejection().status()).isEqualTo(503);
    answer.countDown();
    for (int i = 0; i < accepted; i++) {
      assertThat(decided.take().permitted()).isTrue();
    }
  }

  @Test
  void onDryRunNobodyIsAskedAndItIsNoted() {
    inForce(
        authz(),
        policy(Action.CUSTOM, to(Operation.builder().paths(list("/orders")))).toBuilder()
            .dryRun(true)
            .build());
    InboundExchange exchange = driver.begin(get());
    assertThat(exchange.permitted()).isTrue();
    assertThat(exchange.dryRunRejection().headerValue()).isEqualTo("CHECK;shop/p");
    assertThat(driver.begin(FakeRequest.get("/")).dryRunRejection()).isNull();
    assertThat(asked).isEmpty();
  }

  @Test
  void anExplanationSaysWhoWouldBeAskedAndAsksNobody() {
    InboundPolicy policy =
        InboundPolicy.builder()
            .authorization(Collections.singletonList(custom()))
            .authorizers(Collections.singletonList(authz().pathPrefix("/check").build()))
            .build();
    assertThat(InboundDriver.explain(policy, get()).toString())
        .contains("CHECK", "CUSTOM shop/p, rule 1 of 1 holds")
        .contains("shop/p asks authz at authz.shop:8000/check (timeout 600000 ms, fails with 403)")
        .contains("nobody is asked");
    assertThat(
            InboundDriver.explain(
                    policy.toBuilder().authorizers(Collections.emptyList()).build(), get())
                .toString())
        .contains("names a provider that is not known here");
    assertThat(asked).isEmpty();
  }

  @Test
  void anAuditNotesWhatComesAsFarAsDenyAndAllow() {
    AuthorizationPolicy audit = policy(Action.AUDIT, Rule.builder().build());
    inForce(authz(), custom(), audit, policy(Action.DENY, Rule.builder().build()));
    assertThat(ask(get()).auditedBy()).containsExactly("shop/p");
    authorizer = answering("403 No", "");
    assertThat(ask(get()).auditedBy()).as("sent away before").isEmpty();
  }

  @Test
  void anAuditOfARefusalWhoseStageNobodyKnowsFailsOpen() {
    InboundDriver odd =
        InboundDriver.with(
            InboundObserver.NONE,
            false,
            () -> 0,
            (request, policy) ->
                Verdict.reject(
                    LocalReply.of(418, ReplyKind.RESPONSE, ResponseFlag.NONE, "", "", "odd")));
    odd.update(
        InboundPolicy.builder()
            .authorization(Collections.singletonList(policy(Action.AUDIT, Rule.builder().build())))
            .build());
    InboundExchange exchange = odd.begin(get());
    assertThat(exchange.rejection().status()).isEqualTo(418);
    assertThat(exchange.auditedBy()).isEmpty();
    assertThat(odd.observerFailures()).isEqualTo(1);
  }

  @Test
  void browsersAreAnsweredBeforeAnybodyIsAskedAndScriptsSeeTheRefusal() {
    String shop = "https://shop.example";
    driver.update(
        InboundPolicy.builder()
            .authorization(Collections.singletonList(custom()))
            .authorizers(Collections.singletonList(authz().build()))
            .cors(
                Collections.singletonList(
                    Route.builder()
                        .cors(
                            CorsPolicy.builder()
                                .allowOrigins(Collections.singletonList(StringMatch.exact(shop)))
                                .build())
                        .build()))
            .build());
    FakeRequest preflight =
        get()
            .method("OPTIONS")
            .header("origin", shop)
            .header("access-control-request-method", "PUT");
    assertThat(driver.begin(preflight).rejection().status()).isEqualTo(200);
    assertThat(asked).isEmpty();
    authorizer = answering("401 No", "");
    FakeRequest request = get().header("origin", shop);
    assertThat(refusal(request).status()).isEqualTo(401);
    assertThat(request.answer).containsEntry("access-control-allow-origin", shop);
    assertThat(asked).hasSize(1);
  }

  private static List<String> list(String... values) {
    return Arrays.asList(values);
  }
}
