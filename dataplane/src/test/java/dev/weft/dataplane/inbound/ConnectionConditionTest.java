package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.AuthorizationPolicy.Action;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.Rule;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions on the connection that a request came on, on the assembled chain. */
class ConnectionConditionTest {
  private static final List<String> NONE = Collections.emptyList();

  private final InboundDriver driver = InboundDriver.of(InboundObserver.NONE, true, () -> 0);

  private void inForce(Action action, String key, List<String> values, List<String> notValues) {
    Condition when = Condition.builder().key(key).values(values).notValues(notValues).build();
    Rule rule = Rule.builder().when(Collections.singletonList(when)).build();
    driver.update(
        InboundPolicy.builder()
            .authorization(
                Collections.singletonList(
                    AuthorizationPolicy.builder()
                        .name("p")
                        .namespace("default")
                        .action(action)
                        .rules(Collections.singletonList(rule))
                        .build()))
            .build());
  }

  private boolean admitted(FakeRequest request) {
    return driver.begin(request).rejection() == null;
  }

  private boolean indicating(String serverName) {
    return admitted(FakeRequest.get("/").indicating(serverName));
  }

  private boolean at(String address) {
    return admitted(FakeRequest.get("/").at(address));
  }

  @ParameterizedTest
  @CsvSource({
    "orders.shop,orders.shop,true",
    "orders.shop,orders.shop.example,false",
    "orders.*,orders.shop,true",
    "orders.*,billing.shop,false",
    "*.shop,orders.shop,true",
    "*.shop,shop,false",
    "*,orders.shop,true",
    "Orders.SHOP,orders.shop,true",
  })
  void aNameIsMatchedAsItsPatternSays(String pattern, String name, boolean matches) {
    inForce(Action.ALLOW, "connection.sni", list(pattern), NONE);
    assertThat(indicating(name)).isEqualTo(matches);
    inForce(Action.DENY, "connection.sni", list(pattern), NONE);
    assertThat(indicating(name)).isEqualTo(!matches);
    inForce(Action.DENY, "connection.sni", NONE, list(pattern));
    assertThat(indicating(name)).isEqualTo(matches);
  }

  @Test
  void withoutANameNoAllowHoldsAndEveryNegativeDenyDoes() {
    inForce(Action.ALLOW, "connection.sni", list("*"), NONE);
    assertThat(indicating(null)).isFalse();
    inForce(Action.ALLOW, "connection.sni", NONE, list("billing.shop"));
    assertThat(indicating(null)).isFalse();
    assertThat(indicating("orders.shop")).isTrue();
    inForce(Action.DENY, "connection.sni", list("*"), NONE);
    assertThat(indicating(null)).isTrue();
    inForce(Action.DENY, "connection.sni", NONE, list("orders.shop"));
    assertThat(indicating(null)).isFalse();
  }

  @Test
  void anAddressIsMatchedByBlocks() {
    inForce(Action.ALLOW, "destination.ip", list("10.9.8.7", "2001:db8::/33"), NONE);
    assertThat(at("10.9.8.7")).isTrue();
    assertThat(at("10.9.8.6")).isFalse();
    assertThat(at("::ffff:10.9.8.7")).isTrue();
    assertThat(at("2001:db8:7fff::1%eth0")).isTrue();
    assertThat(at("2001:db8:8000::1")).isFalse();
    inForce(Action.ALLOW, "destination.ip", list("10.0.0.0/8"), list("10.9.0.0/16"));
    assertThat(at("10.8.0.1")).isTrue();
    assertThat(at("10.9.8.7")).isFalse();
    inForce(Action.DENY, "destination.ip", list("10.9.0.0/16"), NONE);
    assertThat(at("10.9.8.7")).isFalse();
    assertThat(at("10.8.0.1")).isTrue();
  }

  @Test
  void withoutAnAddressNoAllowHoldsAndEveryNegativeDenyDoes() {
    inForce(Action.ALLOW, "destination.ip", list("0.0.0.0/0"), NONE);
    assertThat(at("")).isFalse();
    inForce(Action.ALLOW, "destination.ip", NONE, list("10.0.0.1"));
    assertThat(at("")).isFalse();
    inForce(Action.DENY, "destination.ip", NONE, list("10.0.0.1"));
    assertThat(at("")).isFalse();
    assertThat(at("10.0.0.1")).isTrue();
  }

  private static List<String> list(String... texts) {
    return Arrays.asList(texts);
  }
}
