package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.jwt.TestIssuer;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.ClaimHeader;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.JwtHeader;
import dev.weft.policy.snapshot.JwtRule;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Source;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticationTest {
  private static TestIssuer foo;
  private static TestIssuer bar;
  private static String good;
  private static String bad;

  private final InboundDriver driver = InboundDriver.of(InboundObserver.NONE, false, () -> 0);

  @BeforeAll
  static void tokens() throws Exception {
    foo = TestIssuer.of("ES256");
    bar = TestIssuer.of("ES256");
    good =
        foo.token(
            "1",
            "{\"iss\":\"https://foo\",\"sub\":\"ann\",\"aud\":[\"shop\",\"api\"],\"azp\":\"app\","
                + "\"scope\":\"read write\",\"groups\":[\"g1\",\"g2\"],\"level\":5,"
                + "\"org\":{\"unit\":\"u\"},\"https://foo/role\":\"admin\",\"evil\":\"a\\nb\"}");
    bad = bar.token("1", "{\"iss\":\"https://foo\",\"sub\":\"ann\"}");
  }

  private static JwtRule.Builder fooRule() {
    return JwtRule.builder().policy("default/foo").issuer("https://foo").keys(foo.keys("1"));
  }

  private static JwtRule.Builder barRule() {
    return JwtRule.builder().policy("default/bar").issuer("bar").keys(bar.keys("1"));
  }

  private void inForce(JwtRule.Builder rule, AuthorizationPolicy... policies) {
    inForce(Collections.singletonList(rule.build()), policies);
  }

  private void inForce(List<JwtRule> rules, AuthorizationPolicy... policies) {
    driver.update(
        InboundPolicy.builder().jwtRules(rules).authorization(Arrays.asList(policies)).build());
  }

  private int status(InboundRequest request) {
    LocalReply reply = driver.begin(request).rejection();
    return reply == null ? 200 : reply.status();
  }

  private static FakeRequest bearing(String token) {
    return FakeRequest.get("/").header("authorization", "Bearer " + token);
  }

  private static AuthorizationPolicy policy(AuthorizationPolicy.Action action, Rule rule) {
    return AuthorizationPolicy.builder()
        .name("p")
        .namespace("default")
        .action(action)
        .rules(Collections.singletonList(rule))
        .build();
  }

  private static Rule from(Source.Builder source) {
    return Rule.builder().from(Collections.singletonList(source.build())).build();
  }

  private static Rule when(String key, List<String> values, List<String> notValues) {
    return Rule.builder()
        .when(
            Collections.singletonList(
                Condition.builder().key(key).values(values).notValues(notValues).build()))
        .build();
  }

  @Test
  void aMissingTokenPassesAndAnInvalidOneIsRefused() {
    inForce(fooRule());
    assertThat(driver.isIndifferent()).isFalse();
    assertThat(status(FakeRequest.get("/"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").header("authorization", "Basic YTpi"))).isEqualTo(200);
    assertThat(status(bearing(good))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/?a=b&access_token=" + good))).isEqualTo(200);
    LocalReply reply = driver.begin(bearing(bad).header("host", "shop:80")).rejection();
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.body()).isEqualTo("Jwt verification fails");
    assertThat(reply.headerValue()).isEqualTo("AUTHENTICATE;default/foo");
    assertThat(reply.headers().get("WWW-Authenticate"))
        .containsExactly("Bearer realm=\"http://shop:80/\", error=\"invalid_token\"");
    assertThat(status(bearing(""))).isEqualTo(401);
    assertThat(status(FakeRequest.get("/?access_token=" + bad))).isEqualTo(401);
    assertThat(status(FakeRequest.get("/?%61ccess_token=" + bad))).isEqualTo(401);
    assertThat(status(FakeRequest.get("/?access_token"))).isEqualTo(401);
  }

  @Test
  void aPreflightCarriesNoCredentials() {
    inForce(fooRule());
    FakeRequest request = bearing(bad).method("OPTIONS").header("origin", "http://a");
    assertThat(status(request)).isEqualTo(401);
    assertThat(status(request.header("access-control-request-method", "GET"))).isEqualTo(200);
  }

  @Test
  void aTokenMayStandWhereTheRuleSaysAndOnlyThere() {
    inForce(
        fooRule()
            .fromHeaders(
                Collections.singletonList(
                    JwtHeader.builder().name("X-Token").prefix("JWT ").build()))
            .fromParams(Collections.singletonList("t"))
            .fromCookies(Collections.singletonList("session")),
        policy(
            AuthorizationPolicy.Action.ALLOW,
            from(Source.builder().requestPrincipals(Collections.singletonList("*")))));
    assertThat(status(bearing(good))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").header("x-token", "JWT " + good))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").header("x-token", good))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/?t=" + good))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").header("cookie", "a=b; session=" + good)))
        .isEqualTo(200);
    assertThat(status(FakeRequest.get("/").header("cookie", "xsession=" + good))).isEqualTo(403);
  }

  @Test
  void differentTokensInOnePlaceAreRefused() {
    inForce(fooRule().fromCookies(Collections.singletonList("c")).fromParams(list("t")));
    assertThat(status(FakeRequest.get("/?t=" + good + "&t=" + good))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/?t=" + good + "&t=" + bad))).isEqualTo(401);
    assertThat(status(FakeRequest.get("/").header("cookie", "c=" + good + "; c=x"))).isEqualTo(401);
    inForce(fooRule());
    assertThat(status(bearing(good).header("authorization", "Bearer " + bad))).isEqualTo(401);
  }

  @Test
  void severalRulesShareAPlaceAndEveryTokenMustBeValid() throws Exception {
    String ofBar = bar.token("1", "{\"iss\":\"bar\",\"sub\":\"bob\"}");
    inForce(
        Arrays.asList(
            barRule().build(),
            fooRule().fromHeaders(Arrays.asList(header("authorization"), header("x-foo"))).build()),
        policy(
            AuthorizationPolicy.Action.ALLOW,
            from(Source.builder().requestPrincipals(list("bar/bob", "https://foo/ann")))));
    assertThat(status(bearing(ofBar))).isEqualTo(200);
    assertThat(status(bearing(good))).isEqualTo(200);
    assertThat(status(bearing(bad))).isEqualTo(401);
    assertThat(status(bearing(ofBar).header("x-foo", "Bearer " + good))).isEqualTo(200);
    assertThat(status(bearing(ofBar).header("x-foo", "Bearer " + bad))).isEqualTo(401);
    assertThat(status(FakeRequest.get("/").header("x-foo", "Bearer " + ofBar))).isEqualTo(401);
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
  }

  private static JwtHeader header(String name) {
    return JwtHeader.builder().name(name).prefix("Bearer ").build();
  }

  private static List<String> list(String... texts) {
    return Arrays.asList(texts);
  }

  @Test
  void theTokenIsHiddenUnlessForwarded() {
    inForce(fooRule());
    FakeRequest hidden = bearing(good);
    assertThat(status(hidden)).isEqualTo(200);
    assertThat(hidden.headers("authorization")).isEmpty();
    inForce(fooRule().forwardOriginalToken(true));
    FakeRequest forwarded = bearing(good);
    assertThat(status(forwarded)).isEqualTo(200);
    assertThat(forwarded.headers("authorization")).hasSize(1);
  }

  @Test
  void onlyTheMeshWritesWhatATokenSaid() {
    inForce(
        fooRule()
            .outputPayloadToHeader("X-Payload")
            .outputClaimToHeaders(
                Arrays.asList(
                    claim("x-sub", "sub"),
                    claim("x-level", "level"),
                    claim("x-unit", "org.unit"),
                    claim("x-role", "https://foo/role"),
                    claim("x-groups", "groups"),
                    claim("x-evil", "evil"),
                    claim("x-none", "nothing"))));
    for (FakeRequest spoofed :
        Arrays.asList(
            FakeRequest.get("/"),
            FakeRequest.get("/")
                .method("OPTIONS")
                .header("origin", "a")
                .header("access-control-request-method", "GET"))) {
      spoofed.header("X-SUB", "root").header("x-payload", "root").header("x-none", "root");
      assertThat(status(spoofed)).isEqualTo(200);
      assertThat(spoofed.headers("x-sub")).isEmpty();
      assertThat(spoofed.headers("x-payload")).isEmpty();
      assertThat(spoofed.headers("x-none")).isEmpty();
    }
    FakeRequest request = bearing(good).header("x-sub", "root").header("x-evil", "root");
    assertThat(status(request)).isEqualTo(200);
    assertThat(request.headers("x-payload")).containsExactly(good.split("\\.")[1]);
    assertThat(request.headers("x-sub")).containsExactly("ann");
    assertThat(request.headers("x-level")).containsExactly("5");
    assertThat(request.headers("x-unit")).containsExactly("u");
    assertThat(request.headers("x-role")).containsExactly("admin");
    assertThat(request.headers("x-evil")).isEmpty();
    assertThat(request.headers("x-none")).isEmpty();
    assertThat(new String(Base64.getDecoder().decode(request.headers("x-groups").get(0))))
        .isEqualTo("[\"g1\",\"g2\"]");
  }

  private static ClaimHeader claim(String header, String claim) {
    return ClaimHeader.builder().header(header).claim(claim).build();
  }

  @ParameterizedTest
  @CsvSource({
    "https://foo/ann, true",
    "https://foo/*, true",
    "*/ann, true",
    "*, true",
    "https:*, true",
    "*nn, true",
    "https://foo/a*, true",
    "https://foo/bob, false",
    "https://fo/ann, false",
    "ann, false",
    "https://foo, false",
  })
  void requestPrincipalsAreIssuerAndSubject(String pattern, boolean holds) {
    Source.Builder source = Source.builder().requestPrincipals(list(pattern));
    inForce(fooRule(), policy(AuthorizationPolicy.Action.ALLOW, from(source)));
    assertThat(status(bearing(good))).isEqualTo(holds ? 200 : 403);
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    Rule when = when("request.auth.principal", list(pattern), list());
    inForce(fooRule(), policy(AuthorizationPolicy.Action.ALLOW, when));
    assertThat(status(bearing(good))).isEqualTo(holds ? 200 : 403);
    inForce(
        fooRule(),
        policy(
            AuthorizationPolicy.Action.DENY,
            from(Source.builder().notRequestPrincipals(list(pattern)))));
    assertThat(status(bearing(good))).isEqualTo(holds ? 200 : 403);
    assertThat(status(FakeRequest.get("/"))).as("nobody is not that principal").isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "request.auth.audiences, shop, true",
    "request.auth.audiences, api, true",
    "request.auth.audiences, other, false",
    "request.auth.presenter, app, true",
    "request.auth.claims[scope], write, true",
    "request.auth.claims[scope], read write, false",
    "request.auth.claims[groups], g*, true",
    "request.auth.claims[groups], g3, false",
    "request.auth.claims[org][unit], u, true",
    "request.auth.claims[org][none], u, false",
    "request.auth.claims[https://foo/role], admin, true",
    "request.auth.claims[level], 5, false",
    "request.auth.claims[nothing], *, false",
  })
  void conditionsAskWhatTheTokenSays(String key, String value, boolean holds) {
    inForce(fooRule(), policy(AuthorizationPolicy.Action.ALLOW, when(key, list(value), list())));
    assertThat(status(bearing(good))).isEqualTo(holds ? 200 : 403);
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    inForce(fooRule(), policy(AuthorizationPolicy.Action.DENY, when(key, list(), list(value))));
    assertThat(status(bearing(good))).isEqualTo(holds ? 200 : 403);
    assertThat(status(FakeRequest.get("/"))).as("an absent claim is not that").isEqualTo(403);
  }

  @Test
  void withoutARuleNoTokenIsLookedAtAndNoPrincipalIsThere() {
    inForce(
        Collections.<JwtRule>emptyList(),
        policy(
            AuthorizationPolicy.Action.ALLOW, from(Source.builder().requestPrincipals(list("*")))));
    assertThat(status(bearing(good))).isEqualTo(403);
  }

  @Test
  void theExplanationSaysWhichRuleTookTheTokenAndNotTheToken() {
    InboundPolicy policy =
        InboundPolicy.builder()
            .jwtRules(Arrays.asList(barRule().build(), fooRule().build()))
            .build();
    assertThat(InboundDriver.explain(policy, bearing(good)).toString())
        .contains("AUTHENTICATE", "2 JWT rules")
        .contains("header authorization, rule of default/bar for issuer bar: refused: Jwt issuer")
        .contains("rule of default/foo for issuer https://foo: valid; principal https://foo/ann")
        .contains("query parameter access_token: no token")
        .contains("request principal: https://foo/ann")
        .doesNotContain(good);
    assertThat(InboundDriver.explain(policy, bearing(bad)).toString())
        .contains("refused by default/foo: status 401, Jwt verification fails");
    assertThat(InboundDriver.explain(InboundPolicy.permissive(), bearing(bad)).toString())
        .doesNotContain("AUTHENTICATE");
  }

  @Test
  void verifiedTokensOutliveSnapshotsThatChangeNoRule() {
    CompiledInbound first =
        CompiledInbound.of(InboundPolicy.builder().jwtRules(list1(fooRule())).build());
    InboundPolicy next =
        InboundPolicy.builder().jwtRules(list1(fooRule())).trustedProxies(1).build();
    assertThat(CompiledInbound.of(next, first, 0).authentication())
        .isNotNull()
        .isSameAs(first.authentication());
    InboundPolicy other = InboundPolicy.builder().jwtRules(list1(barRule())).build();
    assertThat(CompiledInbound.of(other, first, 0).authentication())
        .isNotSameAs(first.authentication());
  }

  private static List<JwtRule> list1(JwtRule.Builder rule) {
    return Collections.singletonList(rule.build());
  }

  @Test
  void aFaultInTheVerifierDenies() {
    for (Error fault : Arrays.asList(new NoClassDefFoundError("x"), new StackOverflowError())) {
      LongSupplier broken =
          () -> {
            throw fault;
          };
      Authentication authentication =
          Authentication.of(Collections.singletonList(fooRule().build()), broken);
      InboundDriver failing =
          InboundDriver.with(
              InboundObserver.NONE,
              false,
              () -> 0,
              (request, policy) -> authentication.judge(request));
      failing.update(InboundPolicy.permissive());
      assertThat(failing.begin(bearing(good)).rejection().status()).isEqualTo(403);
      assertThat(failing.filterFailures()).isEqualTo(1);
    }
  }

  @Test
  void aRequestThatCannotBeChangedIsDenied() {
    inForce(fooRule().outputPayloadToHeader("x-payload"));
    FakeRequest request = bearing(good).unchangeable();
    assertThatCode(() -> assertThat(status(request)).isEqualTo(403)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "0, '1.1.1.1', 403",
    "1, '1.1.1.1', 200",
    "1, '9.9.9.9, 1.1.1.1', 200",
    "1, '1.1.1.1, 9.9.9.9', 403",
    "2, '1.1.1.1, 9.9.9.9', 200",
    "2, '1.1.1.1', 403",
    "1, 'junk', 403",
    "1, '', 403",
  })
  void theOriginalClientIsWhatTrustedProxiesTell(int proxies, String forwarded, int expected) {
    driver.update(
        InboundPolicy.builder()
            .trustedProxies(proxies)
            .authorization(
                Collections.singletonList(
                    policy(
                        AuthorizationPolicy.Action.ALLOW,
                        from(Source.builder().remoteIpBlocks(list("1.1.1.0/24"))))))
            .build());
    assertThat(status(FakeRequest.get("/").header("x-forwarded-for", forwarded)))
        .isEqualTo(expected);
    driver.update(
        InboundPolicy.builder()
            .trustedProxies(proxies)
            .authorization(
                Collections.singletonList(
                    policy(
                        AuthorizationPolicy.Action.DENY,
                        when("remote.ip", list(), list("1.1.1.1")))))
            .build());
    assertThat(status(FakeRequest.get("/").header("x-forwarded-for", forwarded)))
        .isEqualTo(expected);
  }

  @Test
  void whoComesPastTheProxiesIsTheClientItself() {
    driver.update(
        InboundPolicy.builder()
            .trustedProxies(1)
            .authorization(
                Collections.singletonList(
                    policy(
                        AuthorizationPolicy.Action.DENY,
                        from(Source.builder().remoteIpBlocks(list("9.9.9.9"))))))
            .build());
    assertThat(status(FakeRequest.get("/").from("9.9.9.9"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").from("9.9.9.8"))).isEqualTo(200);
  }

  @Test
  void trustDomainsAreThoseOfThePeer() {
    inForce(
        Collections.<JwtRule>emptyList(),
        policy(AuthorizationPolicy.Action.ALLOW, from(Source.builder().trustDomains(list("td")))));
    assertThat(status(FakeRequest.get("/").peer("spiffe://td/ns/a/sa/b"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").peer("spiffe://td2/ns/a/sa/b"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
  }

  @Test
  void negativesOfTrustDomainsAndClientsDenyWhoIsNotThem() {
    inForce(
        Collections.<JwtRule>emptyList(),
        policy(
            AuthorizationPolicy.Action.DENY,
            from(Source.builder().notTrustDomains(list("td")).notRemoteIpBlocks(list("9.9.9.9")))));
    assertThat(status(FakeRequest.get("/").peer("spiffe://td/ns/a/sa/b"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").from("9.9.9.9"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").peer("spiffe://x/ns/a/sa/b"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
  }
}
