package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.CorsPolicy;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.JwtRule;
import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who of other origins may read answers, and what browsers are told. */
class CorsFilterTest {
  private static final String SHOP = "https://shop.example";

  private final InboundDriver driver = InboundDriver.of(InboundObserver.NONE, false, () -> 0);

  private static CorsPolicy.Builder shop() {
    return CorsPolicy.builder().allowOrigins(one(StringMatch.exact(SHOP)));
  }

  private static <T> List<T> one(T value) {
    return Collections.singletonList(value);
  }

  private static Route rule(String name, CorsPolicy.Builder cors, RouteMatch.Builder... matches) {
    Route.Builder rule = Route.builder().name(name).cors(cors == null ? null : cors.build());
    RouteMatch[] built = new RouteMatch[matches.length];
    for (int i = 0; i < matches.length; i++) {
      built[i] = matches[i].build();
    }
    return rule.matches(Arrays.asList(built)).build();
  }

  private static RouteMatch.Builder below(String prefix) {
    return RouteMatch.builder().uri(StringMatch.pathPrefix(prefix));
  }

  private void inForce(Route... rules) {
    driver.update(InboundPolicy.builder().cors(Arrays.asList(rules)).build());
  }

  private static FakeRequest get(String path, String origin) {
    return FakeRequest.get(path).header("Origin", origin);
  }

  private static FakeRequest preflight(String path, String origin) {
    return get(path, origin).method("OPTIONS").header("Access-Control-Request-Method", "PUT");
  }

  /** What the answer of the application is made to say. */
  private Map<String, String> shared(FakeRequest request) {
    assertThat(driver.begin(request).rejection()).isNull();
    return request.answer;
  }

  /** The mesh's own answer, as header lines in their order by name. */
  private Map<String, String> answer(FakeRequest request) {
    LocalReply reply = driver.begin(request).rejection();
    assertThat(reply).isNotNull();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.content()).isEmpty();
    assertThat(reply.flag()).isEqualTo(ResponseFlag.NONE);
    Map<String, String> headers = new TreeMap<>();
    reply.headers().forEach((name, values) -> headers.put(name, String.join("|", values)));
    return headers;
  }

  @ParameterizedTest
  @CsvSource({
    "EXACT, https://shop.example, https://shop.example, true",
    "EXACT, https://shop.example, https://shop.example:8443, false",
    "EXACT, https://shop.example, HTTPS://SHOP.EXAMPLE, false",
    "EXACT, *, https://anybody.example, true",
    "PREFIX, https://shop, https://shop.example, true",
    "PREFIX, https://shop, http://shop.example, false",
    "PREFIX, *, null, true",
    "REGEX, https://[a-z]+\\.example, https://a.example, true",
    "REGEX, https://[a-z]+\\.example, https://a.example.evil, false",
    "REGEX, https://[a-z]+\\.example, xhttps://a.example, false",
    "REGEX, .*, https://anybody.example, true",
  })
  void originsAreMatchedAsEnvoyDoes(
      StringMatch.Kind kind, String value, String origin, boolean allowed) {
    StringMatch match = StringMatch.builder().kind(kind).value(value).build();
    inForce(rule("", CorsPolicy.builder().allowOrigins(one(match))));
    assertThat(shared(get("/", origin)))
        .isEqualTo(
            allowed
                ? Collections.singletonMap("access-control-allow-origin", origin)
                : Collections.emptyMap());
  }

  @Test
  void nobodyIsAllowedWhereNoOriginIs() {
    inForce(rule("", CorsPolicy.builder()));
    assertThat(shared(get("/", SHOP))).isEmpty();
  }

  @Test
  void anAnswerIsSharedWithWhatThePolicySays() {
    inForce(
        rule(
            "",
            shop()
                .allowCredentials(true)
                .exposeHeaders(Arrays.asList("x-total", "x-page"))
                .allowMethods(one("GET"))
                .allowHeaders(one("x-a"))
                .maxAgeSeconds(5)));
    assertThat(shared(get("/", SHOP)).toString())
        .isEqualTo(
            "{access-control-allow-credentials=true, access-control-allow-origin="
                + SHOP
                + ", access-control-expose-headers=x-total,x-page}");
    // OPTIONS that asks for no method is a request like others.
    assertThat(shared(get("/", SHOP).method("OPTIONS"))).isNotEmpty();
  }

  @Test
  void whatHasNoOriginOrTwoIsLeftAlone() {
    inForce(rule("", shop()));
    assertThat(shared(FakeRequest.get("/"))).isEmpty();
    assertThat(shared(get("/", ""))).isEmpty();
    assertThat(shared(get("/", SHOP).header("Origin", SHOP))).isEmpty();
  }

  @Test
  void aPreflightIsToldWhatThePolicySays() {
    inForce(
        rule(
            "",
            shop()
                .allowCredentials(true)
                .exposeHeaders(one("x-total"))
                .allowMethods(Arrays.asList("GET", "PUT"))
                .allowHeaders(Arrays.asList("x-a", "x-b"))
                .maxAgeSeconds(0)));
    assertThat(answer(preflight("/", SHOP)).toString())
        .isEqualTo(
            "{access-control-allow-credentials=true, access-control-allow-headers=x-a,x-b,"
                + " access-control-allow-methods=GET,PUT, access-control-allow-origin="
                + SHOP
                + ", access-control-max-age=0}");
    inForce(rule("", shop()));
    assertThat(answer(preflight("/", SHOP)).toString())
        .isEqualTo("{access-control-allow-origin=" + SHOP + "}");
  }

  @Test
  void aPreflightIsToldWhatItAskedForWhereAnythingIsAllowed() {
    inForce(rule("", shop().allowMethods(one("*")).allowHeaders(one("*"))));
    assertThat(answer(preflight("/", SHOP).header("Access-Control-Request-Headers", "x-c, x-d")))
        .containsEntry("access-control-allow-methods", "PUT")
        .containsEntry("access-control-allow-headers", "x-c, x-d");
    assertThat(answer(preflight("/", SHOP))).doesNotContainKey("access-control-allow-headers");
  }

  @Test
  void preflightsOfOthersAreForwardedOrAnsweredWithoutTheirOrigin() {
    inForce(rule("", shop().allowMethods(one("GET"))));
    assertThat(shared(preflight("/", "https://evil.example"))).isEmpty();
    inForce(rule("", shop().allowMethods(one("GET")).forwardUnmatchedPreflights(false)));
    assertThat(answer(preflight("/", "https://evil.example")).toString())
        .isEqualTo("{access-control-allow-methods=GET}");
  }

  @Test
  void theFirstRuleThatMatchesDecidesAlsoWhenItSaysNothing() {
    inForce(
        rule("none", null, below("/private")),
        rule("by host", shop(), RouteMatch.builder().authority(StringMatch.exact("a.example"))),
        rule(
            "by query and header",
            shop().exposeHeaders(one("x-q")),
            below("/public")
                .queryParams(Collections.singletonMap("q", StringMatch.exact("1")))
                .headers(Collections.singletonMap("x-user", StringMatch.present()))),
        rule(
            "either",
            shop().exposeHeaders(one("x-e")),
            below("/e"),
            RouteMatch.builder().method(StringMatch.exact("PUT"))));
    assertThat(shared(get("/private/x", SHOP).header("Host", "a.example"))).isEmpty();
    assertThat(shared(get("/x", SHOP).header("Host", "a.example"))).hasSize(1);
    assertThat(shared(get("/public/x?q=1", SHOP).header("x-user", "ann")))
        .containsEntry("access-control-expose-headers", "x-q");
    assertThat(shared(get("/public/x?q=2", SHOP).header("x-user", "ann"))).isEmpty();
    assertThat(shared(get("/e/x", SHOP))).containsEntry("access-control-expose-headers", "x-e");
    assertThat(shared(get("/x", SHOP).method("PUT"))).hasSize(2);
    assertThat(shared(get("/x", SHOP))).isEmpty();
  }

  /** What a page asks for must be what the application takes it for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/public/..;/private",
        "/public/%2e%2e/private",
        "/public/%252e%252e/private",
        "/public/..%2fprivate",
        "/public\\..\\private",
      })
  void aPathThatIsReadInTwoWaysIsSharedByNoRule(String raw) {
    inForce(rule("public", shop(), below("/public")), rule("private", null, below("/private")));
    assertThat(shared(get(raw, SHOP).path(raw, "/private"))).isEmpty();
    assertThat(shared(get(raw, SHOP).path(raw, "/public").mapped("/private"))).isEmpty();
    assertThat(shared(get("/public", SHOP).mapped("/private"))).isEmpty();
    assertThat(shared(get("/public/a%20b?c", SHOP).path("/public/a%20b?c", "/public/a b?c")))
        .hasSize(1);
  }

  @Test
  void aPreflightNeedsNeitherTokenNorPermissionAndAnswersSaySoOnRefusals() {
    driver.update(
        InboundPolicy.builder()
            .cors(one(rule("web", shop())))
            .jwtRules(one(JwtRule.builder().policy("p").issuer("i").build()))
            .authorization(
                one(
                    AuthorizationPolicy.builder()
                        .name("nobody")
                        .action(AuthorizationPolicy.Action.ALLOW)
                        .build()))
            .build());
    FakeRequest asked = preflight("/", SHOP).header("Authorization", "Bearer nonsense");
    assertThat(answer(asked)).containsEntry("access-control-allow-origin", SHOP);
    FakeRequest refused = get("/", SHOP);
    assertThat(driver.begin(refused).rejection().status()).isEqualTo(403);
    assertThat(refused.answer).containsEntry("access-control-allow-origin", SHOP);
    FakeRequest unmatched = preflight("/", "https://evil.example");
    assertThat(driver.begin(unmatched).rejection().status()).isEqualTo(403);
  }

  @Test
  void aStrangerUnderStrictIsToldNothing() {
    driver.update(
        InboundPolicy.builder().mode(MtlsMode.STRICT).cors(one(rule("web", shop()))).build());
    FakeRequest stranger = preflight("/", SHOP);
    assertThat(driver.begin(stranger).rejection().status()).isEqualTo(403);
    assertThat(stranger.answer).isEmpty();
  }

  @Test
  void anAnswerThatCannotBeMadeToSaySoIsNotGiven() {
    inForce(rule("web", shop()));
    assertThat(driver.begin(get("/", SHOP).unchangeable()).rejection().status()).isEqualTo(403);
    assertThat(driver.filterFailures()).isEqualTo(1);
  }

  @Test
  void withoutRulesNothingIsAsked() {
    inForce(rule("web", shop()));
    assertThat(driver.isIndifferent()).isFalse();
    inForce();
    assertThat(driver.isIndifferent()).isTrue();
    assertThat(shared(get("/", SHOP))).isEmpty();
  }

  @Test
  void anExpressionThatIsNoneRefusesThePolicy() {
    assertThatThrownBy(
            () -> inForce(rule("", CorsPolicy.builder().allowOrigins(one(StringMatch.regex("("))))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("regular expression");
  }

  @Test
  void itIsExplained() {
    InboundPolicy policy =
        InboundPolicy.builder().cors(one(rule("web", shop().allowMethods(one("GET"))))).build();
    assertThat(InboundDriver.explain(policy, get("/", SHOP)).toString())
        .contains("CORS", "rule web allows the origin");
    assertThat(InboundDriver.explain(policy, preflight("/", SHOP)).toString())
        .contains("answered by web: status 200");
    assertThat(InboundDriver.explain(policy, preflight("/", "https://evil.example")).toString())
        .contains("rule web does not allow the origin", "a preflight: the application gets it");
    assertThat(InboundDriver.explain(policy, FakeRequest.get("/")).toString())
        .doesNotContain("CORS");
  }
}
