package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.resilience.ConcurrencyLimit;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.LoadPriority;
import dev.weft.policy.snapshot.LoadShedding;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Source;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Load shedding in the assembled inbound chain. */
class LoadShedderTest {
  private static final String SHOP = "spiffe://cluster.local/ns/shop/sa/shop";

  private final InboundDriver driver = InboundDriver.of(InboundObserver.NONE, false, () -> 0);

  private static LoadShedding.Builder ofFour() {
    return LoadShedding.builder()
        .name("shop/orders")
        .namespace("shop")
        .minConcurrency(4)
        .maxConcurrency(4)
        .initialConcurrency(4);
  }

  private static LoadPriority.Builder priority(String name, Rule... rules) {
    return LoadPriority.builder().name(name).rules(Arrays.asList(rules));
  }

  private static Rule header(String name, String value) {
    return Rule.builder()
        .when(
            Collections.singletonList(
                Condition.builder()
                    .key("request.headers[" + name + "]")
                    .values(Collections.singletonList(value))
                    .build()))
        .build();
  }

  private static LoadShedding byPriority() {
    Rule paid =
        Rule.builder()
            .from(
                Collections.singletonList(
                    Source.builder()
                        .principals(Collections.singletonList("cluster.local/ns/shop/sa/shop"))
                        .build()))
            .build();
    Rule health =
        Rule.builder()
            .to(
                Collections.singletonList(
                    Operation.builder().paths(Collections.singletonList("/health")).build()))
            .build();
    return ofFour()
        .priorities(
            Arrays.asList(
                priority("probes", health).exempt(true).build(),
                priority("checkout", paid, header("x-priority", "high")).build(),
                priority("others").share(50).build()))
        .build();
  }

  private void inForce(@Nullable LoadShedding shedding) {
    driver.update(InboundPolicy.builder().shedding(shedding).build());
  }

  private @Nullable String refusal(InboundExchange exchange) {
    LocalReply reply = exchange.rejection();
    return reply == null ? null : reply.status() + " " + reply.flag() + " " + reply.headerValue();
  }

  private InboundExchange begin() {
    return driver.begin(FakeRequest.get("/"));
  }

  @Test
  void aPortWithALimitOfItsOwnCountsByItself() {
    LoadShedding two = ofFour().minConcurrency(2).maxConcurrency(2).initialConcurrency(2).build();
    InboundPolicy onlyPort =
        InboundPolicy.builder().portShedding(Collections.singletonMap(8081, two)).build();
    driver.update(onlyPort);
    assertThat(driver.isIndifferent()).isFalse();
    InboundExchange[] held = {beginAt(8081), beginAt(8081)};
    assertThat(refusal(beginAt(8081))).isEqualTo("503 UO ADMIT;shop/orders");
    for (int i = 0; i < 10; i++) {
      assertThat(beginAt(8082).rejection()).as("no limit there").isNull();
    }
    driver.update(onlyPort.toBuilder().shedding(ofFour().build()).build());
    assertThat(refusal(beginAt(8081))).as("counted on").isEqualTo("503 UO ADMIT;shop/orders");
    for (int i = 0; i < 4; i++) {
      assertThat(beginAt(8082 + i).rejection()).as("the others together").isNull();
    }
    assertThat(refusal(beginAt(8082))).isEqualTo("503 UO ADMIT;shop/orders");
    assertThat(driver.concurrencySum(ConcurrencyLimit::active)).isEqualTo(6);
    held[0].conclude(200, null);
    assertThat(beginAt(8081).rejection()).isNull();
    assertThat(refusal(beginAt(8082))).isEqualTo("503 UO ADMIT;shop/orders");
  }

  private InboundExchange beginAt(int port) {
    return driver.begin(FakeRequest.get("/").at(port));
  }

  @Test
  void takesNoMoreThanTheLimitAtATime() {
    inForce(ofFour().build());
    assertThat(driver.isIndifferent()).isFalse();
    InboundExchange first = begin();
    for (int i = 1; i < 4; i++) {
      assertThat(begin().permitted()).isTrue();
    }
    InboundExchange fifth = begin();
    assertThat(refusal(fifth)).isEqualTo("503 UO ADMIT;shop/orders");
    fifth.conclude(503, null);
    assertThat(begin().permitted()).as("a refusal gives no place back").isFalse();
    first.conclude(500, new IOException("broken pipe"));
    first.conclude(200, null);
    assertThat(begin().permitted()).isTrue();
    assertThat(begin().permitted()).as("given back once").isFalse();
  }

  @Test
  void theLeastImportantAreRefusedFirst() {
    inForce(byPriority());
    assertThat(begin().permitted()).isTrue();
    assertThat(begin().permitted()).isTrue();
    assertThat(refusal(begin())).isEqualTo("503 UO ADMIT;shop/orders/others");
    assertThat(driver.begin(FakeRequest.get("/").peer(SHOP)).permitted()).isTrue();
    assertThat(driver.begin(FakeRequest.get("/").header("x-priority", "low")).permitted())
        .isFalse();
    assertThat(driver.begin(FakeRequest.get("/").header("x-priority", "high")).permitted())
        .isTrue();
    assertThat(refusal(driver.begin(FakeRequest.get("/").peer(SHOP))))
        .isEqualTo("503 UO ADMIT;shop/orders/checkout");
    for (int i = 0; i < 10; i++) {
      assertThat(driver.begin(FakeRequest.get("/health")).permitted()).isTrue();
    }
    assertThat(driver.concurrency(80).active()).isEqualTo(4);
  }

  @Test
  void nobodyGetsAPriorityByAPathThatCanBeReadInTwoWays() {
    inForce(byPriority());
    begin();
    begin();
    assertThat(refusal(driver.begin(FakeRequest.get("/x/..;/health"))))
        .isEqualTo("503 UO ADMIT;shop/orders/others");
  }

  @Test
  void whatWasFoundOutGoesOnWithAnotherPolicyOfTheSameBounds() {
    inForce(ofFour().build());
    InboundExchange one = begin();
    inForce(byPriority());
    assertThat(driver.concurrency(80).active()).isEqualTo(1);
    inForce(ofFour().maxConcurrency(8).build());
    assertThat(driver.concurrency(80).active()).isZero();
    one.conclude(200, null);
    assertThat(driver.concurrency(80).active()).as("given back where it was taken").isZero();
    inForce(null);
    assertThat(driver.concurrency(80)).isNull();
    assertThat(begin().permitted()).isTrue();
    assertThat(driver.isIndifferent()).isTrue();
  }

  @Test
  void aBugInItRefusesNobody() {
    inForce(byPriority());
    FakeRequest broken = FakeRequest.get("/").broken("x-priority");
    assertThat(driver.begin(broken).permitted()).isTrue();
    assertThat(driver.filterFailures()).isEqualTo(1);
  }

  @Test
  void explanationSaysWhichPriority() {
    InboundPolicy policy = InboundPolicy.builder().shedding(byPriority()).build();
    assertThat(InboundDriver.explain(policy, FakeRequest.get("/health")).toString())
        .contains("stage=ADMIT, text=load shedding by shop/orders")
        .contains("priority probes is exempt");
    assertThat(InboundDriver.explain(policy, FakeRequest.get("/").peer(SHOP)).toString())
        .contains("priority checkout is taken while less than 100 % of the limit is in use");
  }
}
