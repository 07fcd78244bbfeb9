package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Source;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboundDriverTest {
  private static final String SHOP = "spiffe://cluster.local/ns/default/sa/shop";
  private final InboundDriver driver = InboundDriver.of(InboundObserver.NONE, false, () -> 0);

  private static AuthorizationPolicy policy(AuthorizationPolicy.Action action, Rule... rules) {
    return AuthorizationPolicy.builder()
        .name("p")
        .namespace("default")
        .action(action)
        .rules(Arrays.asList(rules))
        .build();
  }

  private static AuthorizationPolicy deny(Rule... rules) {
    return policy(AuthorizationPolicy.Action.DENY, rules);
  }

  private static AuthorizationPolicy allow(Rule... rules) {
    return policy(AuthorizationPolicy.Action.ALLOW, rules);
  }

  private static Rule from(Source.Builder source) {
    return Rule.builder().from(Collections.singletonList(source.build())).build();
  }

  private static Rule to(Operation.Builder operation) {
    return Rule.builder().to(Collections.singletonList(operation.build())).build();
  }

  private static Rule when(String key, List<String> values, List<String> notValues) {
    return Rule.builder()
        .when(
            Collections.singletonList(
                Condition.builder().key(key).values(values).notValues(notValues).build()))
        .build();
  }

  private void inForce(AuthorizationPolicy... policies) {
    driver.update(InboundPolicy.builder().authorization(Arrays.asList(policies)).build());
  }

  private int status(InboundRequest request) {
    InboundExchange exchange = driver.begin(request);
    return exchange.rejection() == null ? 200 : exchange.rejection().status();
  }

  private static List<String> list(String... texts) {
    return Arrays.asList(texts);
  }

  @Test
  void strictNeedsAPeerAndPortsMayDiffer() {
    driver.update(
        InboundPolicy.builder()
            .mode(MtlsMode.STRICT)
            .portModes(Collections.singletonMap(9000, MtlsMode.PERMISSIVE))
            .build());
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").at(9000))).isEqualTo(200);
    assertThat(driver.mode(9000)).isEqualTo(MtlsMode.PERMISSIVE);
    assertThat(driver.mode(8080)).isEqualTo(MtlsMode.STRICT);
  }

  @Test
  void isIndifferentOnlyWhereNothingIsAskedOfAnyRequest() {
    assertThat(driver.isIndifferent()).as("no policy yet").isTrue();
    inForce();
    assertThat(driver.isIndifferent()).as("an empty policy").isTrue();
    driver.update(InboundPolicy.builder().mode(MtlsMode.STRICT).build());
    assertThat(driver.isIndifferent()).as("STRICT").isFalse();
    driver.update(
        InboundPolicy.builder().portModes(Collections.singletonMap(9000, MtlsMode.STRICT)).build());
    assertThat(driver.isIndifferent()).as("STRICT on one port").isFalse();
    for (AuthorizationPolicy.Action action : AuthorizationPolicy.Action.values()) {
      inForce(policy(action, Rule.builder().build()));
      assertThat(driver.isIndifferent()).as("%s", action).isFalse();
    }
    assertThat(InboundDriver.of(InboundObserver.NONE, true, () -> 0).isIndifferent())
        .as("no policy yet, and told to deny meanwhile")
        .isFalse();
    assertThat(InboundDriver.of(new InboundObserver() {}, false, () -> 0).isIndifferent())
        .as("watched")
        .isFalse();
  }

  @Test
  void denyComesBeforeAllowAndAllowImpliesDeny() {
    inForce(
        allow(from(Source.builder().principals(list("cluster.local/ns/default/sa/shop")))),
        deny(to(Operation.builder().methods(list("DELETE")))));
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").peer(SHOP).method("DELETE"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").peer(SHOP + "2"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
  }

  @Test
  void anAllowWithoutRulesDeniesAllAndOneEmptyRuleAllowsAll() {
    inForce(allow());
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(403);
    inForce(allow(Rule.builder().build()));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(200);
  }

  @Test
  void anAbsentIdentityNeverHelpsAnAllowAndAlwaysHitsANegativeDeny() {
    Source.Builder notShop =
        Source.builder().notPrincipals(list("cluster.local/ns/default/sa/shop"));
    inForce(allow(from(notShop)));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").peer(SHOP + "2"))).isEqualTo(200);
    inForce(deny(from(notShop)));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").peer(SHOP + "2"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(200);
  }

  @Test
  void headersAbsentAndDuplicated() {
    Rule needs = when("request.headers[x-tenant]", list("gold"), Collections.emptyList());
    Rule not = when("request.headers[x-tenant]", Collections.emptyList(), list("gold"));
    inForce(allow(needs));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").header("X-Tenant", "gold"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").header("X-Tenant", "gold").header("x-tenant", "lead")))
        .isEqualTo(403);
    inForce(allow(not));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    inForce(deny(not));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    inForce(deny(needs));
    assertThat(status(FakeRequest.get("/").header("X-Tenant", "lead").header("x-tenant", "gold")))
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/x",
        "//admin/x",
        "/./admin/x",
        "/x/../admin/x",
        "/%61dmin/x",
        "/admin;a=b/x",
        "/admin//x",
        "/%2e/admin/x",
        "/x/%2e%2e/admin/x",
        "http://host/admin/x",
        "/admin/x?y=/free"
      })
  void aDeniedPathIsDeniedHoweverItIsWritten(String raw) {
    inForce(deny(to(Operation.builder().paths(list("/admin/*")))));
    assertThat(status(FakeRequest.get(raw).path(raw, "/elsewhere"))).isIn(400, 403);
    inForce(allow(to(Operation.builder().notPaths(list("/admin/*")))));
    assertThat(status(FakeRequest.get(raw).path(raw, "/elsewhere"))).isIn(400, 403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a%2fdmin",
        "/a%5cdmin",
        "/a\\dmin",
        "/a%00",
        "/%252e%252e/x",
        "/..;/admin",
        "/%c0%ae%c0%ae/x",
        "/../x",
        "/%zz",
        "/a%3bb",
        "relative"
      })
  void aPathThatReadersDisagreeAboutIsRefused(String raw) {
    inForce(deny(to(Operation.builder().paths(list("/nothing")))));
    assertThat(status(FakeRequest.get(raw))).isEqualTo(400);
  }

  @Test
  void whatTheContainerMappedCountsToo() {
    inForce(deny(to(Operation.builder().paths(list("/admin/*")))));
    assertThat(status(FakeRequest.get("/welcome").mapped("/admin/index"))).isEqualTo(403);
    inForce(allow(to(Operation.builder().paths(list("/open/*")))));
    assertThat(status(FakeRequest.get("/open/x").mapped("/open/x"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/open/x").mapped("/closed"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/%6fpen/x").path("/%6fpen/x", "/open/x"))).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/a/{*}/c, /a/b/c, 403",
    "/a/{*}/c, /a/b/b/c, 200",
    "/a/{**}, /a/b/b/c, 403",
    "/a/{**}/z, /a/b/c/z, 403",
    "/a/{**}/z, /a/b/c/y, 200",
    "*.jsp, /x/y.jsp, 403",
    "*, /x, 403",
    "/x, /x/, 200"
  })
  void pathPatterns(String pattern, String path, int status) {
    inForce(deny(to(Operation.builder().paths(list(pattern)))));
    assertThat(status(FakeRequest.get(path))).isEqualTo(status);
  }

  @Test
  void hostsIgnoreCaseAndPortAndMustBeOne() {
    inForce(allow(to(Operation.builder().hosts(list("Orders.Shop", "*.example.com")))));
    assertThat(status(FakeRequest.get("/").header("host", "orders.shop:8080"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").header("host", "ORDERS.shop."))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").header("host", "a.EXAMPLE.com"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").header("host", "other"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").header("host", "orders.shop").header("host", "other")))
        .isEqualTo(400);
  }

  @Test
  void aHostWithAPortIsAboutThatPort() {
    inForce(deny(to(Operation.builder().hosts(list("orders:8443")))));
    assertThat(status(FakeRequest.get("/").header("host", "Orders:8443"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").header("host", "orders:8080"))).isEqualTo(200);
    inForce(deny(to(Operation.builder().notHosts(list("orders")))));
    assertThat(status(FakeRequest.get("/").header("host", "orders:8443"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/"))).as("no host at all").isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a,orders", "me@orders", "orders/x", "orders\u0000", "orders x", "\u00f6"})
  void aDamagedHostIsRefused(String host) {
    inForce(deny(to(Operation.builder().hosts(list("nothing")))));
    assertThat(status(FakeRequest.get("/").header("host", host))).isEqualTo(400);
  }

  @Test
  void aHeaderThatCannotBeDecodedNeverHelps() {
    String odd = "gold\u00ff";
    Rule prefix = when("request.headers[x-tenant]", list("gold*"), Collections.emptyList());
    Rule not = when("request.headers[x-tenant]", Collections.emptyList(), list("gold*"));
    inForce(allow(prefix));
    assertThat(status(FakeRequest.get("/").header("x-tenant", odd))).isEqualTo(403);
    inForce(deny(prefix));
    assertThat(status(FakeRequest.get("/").header("x-tenant", odd))).isEqualTo(403);
    inForce(allow(not));
    assertThat(status(FakeRequest.get("/").header("x-tenant", "\u00ff"))).isEqualTo(403);
    inForce(deny(not));
    assertThat(status(FakeRequest.get("/").header("x-tenant", odd))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").header("x-tenant", "golden"))).isEqualTo(200);
  }

  @Test
  void anEmptyHeaderIsThere() {
    inForce(deny(when("request.headers[x-debug]", list("*"), Collections.emptyList())));
    assertThat(status(FakeRequest.get("/").header("x-debug", ""))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/"))).isEqualTo(200);
    inForce(deny(when("request.headers[:path]", list("/x"), Collections.emptyList())));
    assertThat(status(FakeRequest.get("/"))).as("no header, so not judged").isEqualTo(403);
  }

  @Test
  void aPrincipalWrittenWithItsSchemeMeansTheSame() {
    inForce(deny(from(Source.builder().principals(list(SHOP)))));
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(403);
    inForce(deny(when("source.principal", list(SHOP), Collections.emptyList())));
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(403);
    inForce(allow(from(Source.builder().principals(list("*")))));
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    inForce(allow(from(Source.builder().principals(list("*/sa/shop")))));
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").peer(SHOP + "2"))).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/open/a",
        "/open/",
        "/open/%41",
        "/open/a%20b",
        "/open/%C3%BC",
        "/open/100%25",
        "/open/a;jsessionid=0A",
        "/open/a.b..c",
        "/open/.well-known",
        "/open/a+b,c=d!$&'()*:@~_",
        "/open/x?q=/../%2f;"
      })
  void aLegalPathIsNoAmbiguity(String raw) {
    inForce(allow(to(Operation.builder().paths(list("/open/*")))));
    assertThat(status(FakeRequest.get(raw).path(raw, "/open/decoded"))).isEqualTo(200);
  }

  @Test
  void anAuditOfPathsRefusesNothing() {
    inForce(
        policy(AuthorizationPolicy.Action.AUDIT, to(Operation.builder().paths(list("/admin/*")))));
    assertThat(status(FakeRequest.get("/a%2fb"))).isEqualTo(200);
  }

  @Test
  void aPolicyThatCannotBeCompiledLeavesTheEarlierInForce() {
    inForce(allow());
    for (AuthorizationPolicy damaged :
        Arrays.asList(
            deny(from(Source.builder().ipBlocks(list("10.0.0.0/33")))),
            deny(from(Source.builder().ipBlocks(list("localhost")))),
            deny(to(Operation.builder().ports(list("http")))),
            deny(to(Operation.builder().paths(list("/{**}/a/{**}")))))) {
      assertThatThrownBy(() -> inForce(damaged)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
  }

  @Test
  void addressesAreReadAsNumbersOnly() {
    inForce(deny(from(Source.builder().notIpBlocks(list("10.1.2.3")))));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").from("::ffff:10.1.2.3"))).isEqualTo(200);
    for (String odd : list("10.1.2", "10.1.2.3.4", "10.1.2.256", "010.1.2.3", "10.1.2.3 ", "")) {
      assertThat(status(FakeRequest.get("/").from(odd))).as(odd).isEqualTo(403);
    }
    inForce(deny(from(Source.builder().ipBlocks(list("fe80::/10")))));
    assertThat(status(FakeRequest.get("/").from("fe80::1%eth0"))).isEqualTo(403);
  }

  @Test
  void addressesNamespacesAccountsAndPorts() {
    inForce(allow(from(Source.builder().ipBlocks(list("10.1.0.0/16", "2001:db8::/33")))));
    assertThat(status(FakeRequest.get("/").from("10.1.255.1"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").from("10.2.0.1"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").from("2001:db8:7fff::1"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").from("2001:db8:8000::1"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/").from("no address"))).isEqualTo(403);
    inForce(allow(from(Source.builder().namespaces(list("default")))));
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").peer("spiffe://cluster.local/odd"))).isEqualTo(403);
    inForce(allow(from(Source.builder().serviceAccounts(list("shop")))));
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").peer(SHOP.replace("default", "other")))).isEqualTo(403);
    inForce(allow(to(Operation.builder().ports(list("8080")))));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").at(8081))).isEqualTo(403);
  }

  @Test
  void notFieldsAreTrueOfAllOthers() {
    inForce(deny(to(Operation.builder().notPorts(list("8080")))));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").at(8081))).isEqualTo(403);
    inForce(deny(to(Operation.builder().notMethods(list("GET", "HEAD")))));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").method("PUT"))).isEqualTo(403);
    inForce(deny(from(Source.builder().notNamespaces(list("default")))));
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").peer(SHOP.replace("default", "o")))).isEqualTo(403);
    inForce(deny(from(Source.builder().notServiceAccounts(list("shop")))));
    assertThat(status(FakeRequest.get("/").peer(SHOP))).isEqualTo(200);
    assertThat(status(FakeRequest.get("/").peer(SHOP + "2"))).isEqualTo(403);
    assertThat(status(FakeRequest.get("/"))).as("without any identity").isEqualTo(403);
  }

  @Test
  void anUnknownConditionDenies() {
    Rule unknown = when("from.the.future", list("x"), Collections.emptyList());
    inForce(allow(unknown));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
    inForce(deny(unknown));
    assertThat(status(FakeRequest.get("/"))).isEqualTo(403);
  }

  @Test
  void auditDecidesNothing() {
    inForce(policy(AuthorizationPolicy.Action.AUDIT, Rule.builder().build()));
    InboundExchange exchange = driver.begin(FakeRequest.get("/"));
    assertThat(exchange.permitted()).isTrue();
    assertThat(exchange.auditedBy()).hasSize(1);
  }

  @Test
  void aFilterThatThrowsDeniesAndAnObserverThatThrowsDoesNot() {
    InboundObserver broken =
        new InboundObserver() {
          @Override
          public void started(InboundExchange exchange) {
            throw new IllegalStateException("injected");
          }

          @Override
          public void ended(InboundExchange exchange) {
            throw new StackOverflowError("injected");
          }

          @Override
          public Object enter(InboundExchange exchange) {
            throw new LinkageError("injected");
          }
        };
    InboundDriver observed = InboundDriver.of(broken, false, () -> 0);
    observed.update(InboundPolicy.permissive());
    InboundExchange exchange = observed.begin(FakeRequest.get("/"));
    assertThat(exchange.permitted()).isTrue();
    exchange.makeCurrent().close();
    exchange.conclude(200, null);
    assertThat(observed.observerFailures()).isEqualTo(3);

    for (Throwable bug :
        Arrays.asList(new IllegalStateException(), new StackOverflowError(), new LinkageError())) {
      InboundDriver enforcing =
          InboundDriver.with(
              InboundObserver.NONE,
              false,
              () -> 0,
              (request, policy) -> {
                throw InboundDriverTest.<RuntimeException>sneaky(bug);
              });
      enforcing.update(InboundPolicy.permissive());
      assertThat(enforcing.begin(FakeRequest.get("/")).permitted()).as(bug.toString()).isFalse();
      assertThat(enforcing.filterFailures()).isEqualTo(1);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T sneaky(Throwable t) throws T {
    throw (T) t;
  }

  @Test
  void withoutPolicyTheSettingDecides() {
    assertThat(status(FakeRequest.get("/"))).isEqualTo(200);
    InboundDriver denying = InboundDriver.of(InboundObserver.NONE, true, () -> 0);
    assertThat(denying.begin(FakeRequest.get("/")).rejection().status()).isEqualTo(503);
    assertThat(denying.mode(1)).isEqualTo(MtlsMode.STRICT);
    denying.update(InboundPolicy.permissive());
    assertThat(denying.begin(FakeRequest.get("/")).permitted()).isTrue();
  }

  @Test
  void anAnswerSaysWhereCallsForItWereGivenUp() throws Exception {
    driver.update(InboundPolicy.permissive());
    FakeRequest request = FakeRequest.get("/").peer(SHOP);
    InboundExchange exchange = driver.begin(request);
    RequestContext context;
    try (InboundExchange.Scope scope = exchange.makeCurrent()) {
      assertThat(scope).isNotNull();
      context = RequestContext.current();
      assertThat(request.answer).isEmpty();
      context.giveUp();
      assertThat(request.answer).containsOnly(entry("x-envoy-overloaded", "true"));
    }
  }

  @Test
  void onlyTheThreadThatServesARequestTouchesItsAnswer() throws Exception {
    driver.update(InboundPolicy.permissive());
    FakeRequest request = FakeRequest.get("/").peer(SHOP);
    InboundExchange exchange = driver.begin(request);
    RequestContext context;
    try (InboundExchange.Scope scope = exchange.makeCurrent()) {
      assertThat(scope).isNotNull();
      context = RequestContext.current();
      Thread other = new Thread(context::giveUp);
      other.start();
      other.join();
    }
    assertThat(request.answer).isEmpty();
    FakeRequest later = FakeRequest.get("/").peer(SHOP);
    try (InboundExchange.Scope scope = driver.begin(later).makeCurrent()) {
      assertThat(scope).isNotNull();
      context = RequestContext.current();
    }
    context.giveUp();
    assertThat(later.answer).as("it is over").isEmpty();
  }

  @Test
  void aServerThatLetsAnyThreadTouchItsAnswerIsToldByAny() throws Exception {
    driver.update(InboundPolicy.permissive());
    FakeRequest request = FakeRequest.get("/").peer(SHOP).toldByAnyThread();
    RequestContext context;
    try (InboundExchange.Scope scope = driver.begin(request).makeCurrent()) {
      assertThat(scope).isNotNull();
      context = RequestContext.current();
    }
    Thread other = new Thread(context::giveUp);
    other.start();
    other.join();
    assertThat(request.answer).containsOnly(entry("x-envoy-overloaded", "true"));
  }

  @Test
  void nobodyOutsideOfTheMeshIsToldAndAServerThatCannotTellGoesOn() {
    driver.update(InboundPolicy.permissive());
    FakeRequest plain = FakeRequest.get("/").header(RequestContext.DEADLINE_HEADER, "250");
    try (InboundExchange.Scope scope = driver.begin(plain).makeCurrent()) {
      assertThat(scope).isNotNull();
      RequestContext.current().giveUp();
    }
    assertThat(plain.answer).isEmpty();
    try (InboundExchange.Scope scope =
        driver.begin(FakeRequest.get("/").peer(SHOP).unchangeable()).makeCurrent()) {
      assertThat(scope).isNotNull();
      RequestContext.current().giveUp();
    }
    assertThat(driver.observerFailures()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"250, 249, 200", "250, 250, 504", "250, 9000, 504", "0, 9000, 200", "-1, 1, 200"})
  void whatTheCallerNoLongerWaitsForIsRefused(String waits, long passedMillis, int expected) {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 100_000_000);
    InboundDriver late =
        InboundDriver.with(
            InboundObserver.NONE,
            false,
            clock::get,
            (request, policy) -> {
              clock.addAndGet(passedMillis * 1_000_000);
              return Verdict.PROCEED;
            });
    late.update(InboundPolicy.permissive());
    InboundExchange exchange =
        late.begin(FakeRequest.get("/").header(RequestContext.DEADLINE_HEADER, waits));
    LocalReply refusal = exchange.rejection();
    assertThat(refusal == null ? 200 : refusal.status()).isEqualTo(expected);
    assertThat(late.begin(FakeRequest.get("/")).permitted()).as("waits for ever").isTrue();
  }

  @Test
  void aBrokenClockRefusesNobodyAsLate() {
    AtomicInteger looks = new AtomicInteger();
    InboundDriver broken =
        InboundDriver.of(
            InboundObserver.NONE,
            false,
            () -> {
              if (looks.incrementAndGet() > 1) {
                throw new AssertionError("injected");
              }
              return 0;
            });
    broken.update(InboundPolicy.permissive());
    FakeRequest request = FakeRequest.get("/").header(RequestContext.DEADLINE_HEADER, "250");
    assertThat(broken.begin(request).permitted()).isTrue();
    assertThat(broken.filterFailures()).isEqualTo(1);
  }

  @Test
  void theCallersDeadlineIsCurrentWhileItIsServed() {
    driver.update(InboundPolicy.permissive());
    FakeRequest request = FakeRequest.get("/").header(RequestContext.DEADLINE_HEADER, "250");
    try (InboundExchange.Scope scope = driver.begin(request).makeCurrent()) {
      assertThat(scope).isNotNull();
      assertThat(RequestContext.current().deadlineNanos()).isEqualTo(250_000_000L);
    }
    assertThat(RequestContext.current()).isNull();
    assertThat(
            driver
                .begin(FakeRequest.get("/").header(RequestContext.DEADLINE_HEADER, "nonsense"))
                .permitted())
        .isTrue();
  }

  @Test
  void aRetryOfAMemberOfTheMeshIsKnownAsOneWhileItIsServed() {
    driver.update(InboundPolicy.permissive());
    String member = "spiffe://cluster.local/ns/shop/sa/shop";
    assertThat(retryWhileServed(FakeRequest.get("/").peer(member), "2")).isTrue();
    assertThat(retryWhileServed(FakeRequest.get("/").peer(member), "1")).isFalse();
    assertThat(retryWhileServed(FakeRequest.get("/"), "2")).as("of a stranger").isFalse();
    assertThat(RequestContext.current()).isNull();
  }

  private boolean retryWhileServed(FakeRequest request, String attempt) {
    request.header(RequestContext.ATTEMPT_HEADER, attempt);
    try (InboundExchange.Scope scope = driver.begin(request).makeCurrent()) {
      assertThat(scope).isNotNull();
      RequestContext current = RequestContext.current();
      return current != null && current.isRetry();
    }
  }

  @Test
  void aDryRunDecidesNothingAndSaysWhatItWouldHaveDecided() {
    AuthorizationPolicy denied =
        deny(to(Operation.builder().paths(list("/admin")))).toBuilder().dryRun(true).build();
    AuthorizationPolicy readers =
        allow(to(Operation.builder().methods(list("GET")))).toBuilder().dryRun(true).build();
    inForce(denied);
    assertThat(driver.isIndifferent()).isFalse();
    assertThat(tried(FakeRequest.get("/admin"))).isEqualTo("AUTHORIZE;default/p");
    assertThat(tried(FakeRequest.get("/admin;x/..;/"))).isEqualTo("AUTHORIZE;ambiguous-path");
    assertThat(tried(FakeRequest.get("/"))).isNull();
    inForce(readers);
    assertThat(tried(FakeRequest.get("/"))).isNull();
    assertThat(tried(FakeRequest.get("/").method("PUT"))).isEqualTo("AUTHORIZE;no-allow-matched");
    inForce(readers, allow(to(Operation.builder().methods(list("PUT")))));
    assertThat(status(FakeRequest.get("/"))).as("refused by what is in force").isEqualTo(403);
    assertThat(tried(FakeRequest.get("/").method("PUT"))).isNull();
    assertThat(InboundDriver.explain(inboundOf(denied), FakeRequest.get("/admin")).toString())
        .contains("DENY (dry run) default/p, rule 1 of 1 holds")
        .contains("dry run: would be refused, status 403, AUTHORIZE;default/p");
  }

  private static InboundPolicy inboundOf(AuthorizationPolicy policy) {
    return InboundPolicy.builder().authorization(Collections.singletonList(policy)).build();
  }

  private String tried(InboundRequest request) {
    InboundExchange exchange = driver.begin(request);
    assertThat(exchange.permitted()).isTrue();
    return exchange.dryRunRejection() == null ? null : exchange.dryRunRejection().headerValue();
  }
}
