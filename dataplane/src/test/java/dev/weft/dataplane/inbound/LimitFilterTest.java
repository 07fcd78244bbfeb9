package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.RateLimit;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Source;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class LimitFilterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String SHOP = "spiffe://cluster.local/ns/default/sa/shop";
  private static final String WEB = "spiffe://cluster.local/ns/default/sa/web";

  private long now = 5;
  private final InboundDriver driver = InboundDriver.of(InboundObserver.NONE, false, () -> now);

  private static RateLimit.Builder limit(String name, int requests) {
    return RateLimit.builder()
        .name("default/p/" + name)
        .namespace("default")
        .perSecond(requests)
        .burst(requests);
  }

  private static RateLimit.Builder on(RateLimit.Builder limit, Rule.Builder rule) {
    return limit.rules(Collections.singletonList(rule.build()));
  }

  private static Rule.Builder paths(String... paths) {
    return Rule.builder()
        .to(Collections.singletonList(Operation.builder().paths(Arrays.asList(paths)).build()));
  }

  private void inForce(RateLimit.Builder... limits) {
    RateLimit[] built =
        Arrays.stream(limits).map(RateLimit.Builder::build).toArray(RateLimit[]::new);
    driver.update(InboundPolicy.builder().limits(Arrays.asList(built)).build());
  }

  private int passed(int tries, FakeRequest request) {
    int count = 0;
    for (int i = 0; i < tries; i++) {
      count += driver.begin(request).permitted() ? 1 : 0;
    }
    return count;
  }

  @Test
  void refusesWith429AndWhenToComeAgain() {
    inForce(limit("all", 2));
    assertThat(driver.isIndifferent()).isFalse();
    assertThat(passed(2, FakeRequest.get("/"))).isEqualTo(2);
    LocalReply reply = driver.begin(FakeRequest.get("/")).rejection();
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.flag()).isEqualTo(ResponseFlag.RL);
    assertThat(reply.headerValue()).isEqualTo("LIMIT;default/p/all");
    assertThat(reply.headers().get("retry-after")).containsExactly("1");
    assertThat(reply.headers().get(LocalReply.HEADER)).containsExactly("LIMIT;default/p/all");
    now += SECOND;
    assertThat(passed(5, FakeRequest.get("/"))).isEqualTo(2);
  }

  @Test
  void retryAfterIsTheSecondsUntilThereIsAToken() {
    inForce(limit("slow", 1).perSecond(0.1));
    assertThat(passed(1, FakeRequest.get("/"))).isEqualTo(1);
    assertThat(driver.begin(FakeRequest.get("/")).rejection().headers().get("retry-after"))
        .containsExactly("10");
    now += 9 * SECOND + 1;
    assertThat(driver.begin(FakeRequest.get("/")).rejection().headers().get("retry-after"))
        .containsExactly("1");
  }

  @Test
  void countsByIdentityHeaderPathAndAddress() {
    inForce(limit("caller", 1).byIdentity(true));
    assertThat(passed(2, FakeRequest.get("/").peer(SHOP))).isEqualTo(1);
    assertThat(passed(2, FakeRequest.get("/").peer(WEB))).isEqualTo(1);
    assertThat(passed(2, FakeRequest.get("/"))).as("callers without identity").isEqualTo(1);
    assertThat(passed(1, FakeRequest.get("/").from("10.9.9.9"))).isZero();

    inForce(limit("tenant", 1).byHeader("x-tenant"));
    assertThat(passed(2, FakeRequest.get("/").header("x-tenant", "a"))).isEqualTo(1);
    assertThat(passed(2, FakeRequest.get("/").header("x-tenant", "b"))).isEqualTo(1);
    assertThat(passed(2, FakeRequest.get("/"))).isEqualTo(1);

    inForce(limit("path", 1).byPath(true));
    assertThat(passed(2, FakeRequest.get("/a?q=1"))).isEqualTo(1);
    assertThat(passed(1, FakeRequest.get("/a?q=2"))).isZero();
    assertThat(passed(1, FakeRequest.get("/x/../a"))).as("the same path").isZero();
    assertThat(passed(1, FakeRequest.get("/b"))).isEqualTo(1);

    inForce(limit("address", 1).byAddress(true).byIdentity(true));
    assertThat(passed(2, FakeRequest.get("/").from("10.0.0.1").peer(SHOP))).isEqualTo(1);
    assertThat(passed(2, FakeRequest.get("/").from("10.0.0.2").peer(SHOP))).isEqualTo(1);
    assertThat(passed(2, FakeRequest.get("/").from("10.0.0.2").peer(WEB))).isEqualTo(1);
  }

  @Test
  void keysBeyondTheBoundCountTogether() {
    inForce(limit("path", 1).byPath(true).maxKeys(4));
    int passed = 0;
    for (int i = 0; i < 1_000; i++) {
      passed += passed(1, FakeRequest.get("/" + i));
    }
    assertThat(passed).as("eight keys, and the rest together").isEqualTo(9);
  }

  @Test
  void holdsOnlyForRequestsOfItsRules() {
    inForce(on(limit("reports", 1), paths("/reports/*")));
    assertThat(passed(3, FakeRequest.get("/orders"))).isEqualTo(3);
    assertThat(passed(3, FakeRequest.get("/reports/1"))).isEqualTo(1);
    // No way of writing the path is a way around.
    assertThat(passed(1, FakeRequest.get("/x/..//reports/1"))).isZero();
    assertThat(passed(1, FakeRequest.get("/reports%2f1"))).isZero();
  }

  @Test
  void whatTheCallerDoesNotProveIsNoWayAround() {
    inForce(
        on(
            limit("strangers", 1),
            Rule.builder()
                .from(
                    Collections.singletonList(
                        Source.builder()
                            .notPrincipals(
                                Collections.singletonList("cluster.local/ns/default/sa/shop"))
                            .build()))));
    assertThat(passed(3, FakeRequest.get("/").peer(SHOP))).isEqualTo(3);
    assertThat(passed(3, FakeRequest.get("/"))).isEqualTo(1);
  }

  @Test
  void everyLimitMustHaveATokenAndTheFirstIsAskedFirst() {
    inForce(limit("caller", 1).byIdentity(true), limit("all", 2));
    assertThat(passed(5, FakeRequest.get("/").peer(SHOP))).isEqualTo(1);
    // What the first limit refused took nothing of the second.
    assertThat(passed(5, FakeRequest.get("/").peer(WEB))).isEqualTo(1);
    assertThat(driver.begin(FakeRequest.get("/")).rejection().policy()).isEqualTo("default/p/all");
  }

  @Test
  void whoMayNotComeInTakesNoOthersPlace() {
    driver.update(
        InboundPolicy.builder()
            .authorization(
                Collections.singletonList(
                    AuthorizationPolicy.builder()
                        .name("deny")
                        .namespace("default")
                        .action(AuthorizationPolicy.Action.DENY)
                        .rules(Collections.singletonList(paths("/admin").build()))
                        .build()))
            .limits(Collections.singletonList(limit("all", 1).build()))
            .build());
    assertThat(driver.begin(FakeRequest.get("/admin")).rejection().status()).isEqualTo(403);
    assertThat(passed(2, FakeRequest.get("/"))).isEqualTo(1);
  }

  @Test
  void aSharedLimitIsDividedAndAtLeastOne() {
    inForce(limit("shared", 10).instances(4));
    assertThat(passed(20, FakeRequest.get("/"))).isEqualTo(3);
    now += SECOND;
    assertThat(passed(20, FakeRequest.get("/"))).as("2.5 a second").isEqualTo(2);
    inForce(limit("other", 1).instances(4));
    assertThat(passed(20, FakeRequest.get("/"))).isEqualTo(1);
  }

  @Test
  void whatWasCountedOutlivesASnapshot() {
    inForce(limit("all", 2), limit("caller", 2).byIdentity(true));
    assertThat(passed(2, FakeRequest.get("/").peer(SHOP))).isEqualTo(2);
    inForce(limit("caller", 2).byIdentity(true).instances(2), limit("all", 2).instances(2));
    assertThat(passed(2, FakeRequest.get("/").peer(SHOP))).isZero();
    now += 2 * SECOND;
    assertThat(passed(2, FakeRequest.get("/").peer(SHOP))).as("the smaller share").isEqualTo(1);
    inForce(limit("all", 2));
    inForce();
    assertThat(driver.isIndifferent()).isTrue();
    assertThat(passed(9, FakeRequest.get("/"))).isEqualTo(9);
  }
}
