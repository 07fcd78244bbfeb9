package dev.weft.policy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChecksTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"a", "orders.shop.svc.cluster.local", "a.b.", "A-1.example.com", "1.2.3.a"})
  void takesHostNames(String name) {
    assertThat(Checks.hostName(name)).isNull();
    assertThat(Checks.wildcardHost(name)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a..b", "-a", "a-", "a_b", "10.0.0.1", "a.*.b", "a b", "é"})
  void refusesWhatIsNoHostName(String name) {
    assertThat(Checks.hostName(name)).isNotNull();
    assertThat(Checks.wildcardHost(name)).isNotNull();
  }

  @Test
  void takesAWildcardInTheFirstLabelOnly() {
    assertThat(Checks.wildcardHost("*")).isNull();
    assertThat(Checks.wildcardHost("*.example.com")).isNull();
    assertThat(Checks.wildcardHost("*-a.example.com")).isNull();
    assertThat(Checks.wildcardHost("a*.example.com")).isNotNull();
    assertThat(Checks.hostName("*.example.com")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "2001:db8::1",
        "1:2:3:4:5:6:7:8",
        "::ffff:10.0.0.1",
        "1::",
        "10.0.0.0/8",
        "::/0",
        "2001:db8::/32"
      })
  void takesAddressesAndBlocks(String text) {
    assertThat(Checks.ipBlock(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4.", "10.0.0.0/33", "10.0.0.0/",
        "10.0.0.0/08", "1:2:3", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", "12345::", "::g", "::/129",
        "1.2.3.4:80"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThat(Checks.ipBlock(text)).isNotNull();
  }

  @Test
  void readsDurationsAsGoWritesThem() {
    assertThat(Durations.millis("1h30m")).isEqualTo(5_400_000);
    assertThat(Durations.millis("1.5s")).isEqualTo(1500);
    assertThat(Durations.millis("500ms")).isEqualTo(500);
    assertThat(Durations.nanos("1us")).isEqualTo(1000);
    for (String wrong : Arrays.asList("", "5", "s", "1 s", "1d", "1sx", "9999999999999h")) {
      assertThatThrownBy(() -> Durations.nanos(wrong)).hasMessageContaining("must be a duration");
    }
    assertThat(Checks.positiveDuration("0s")).contains("at least 1ms");
    assertThat(Checks.positiveDuration("-1s")).contains("negative");
    assertThat(Checks.duration("1.0005s")).contains("whole milliseconds");
    assertThat(Checks.duration("0s")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(((a{1000}){1000}){1000}){1000}",
        "((a{100}){100}){100}",
        "(((((a{30}){30}){30}){30}){30})",
        "a{1000}{1000}",
        "(?:[ab]{100,}){1,200}"
      })
  void refusesRegexesThatExplode(String regex) {
    assertThat(Checks.regex(regex)).contains("steps");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".*",
        "/v[0-9]+/items/[^/]{1,64}",
        "[]{}]{2}",
        "\\x{41}{3}",
        "\\p{Greek}+",
        "\\Qa{9999}\\E",
        "(?i)(a|b){1,50}",
        "a{,5}",
        "[[:alpha:]]{3}"
      })
  void takesOrdinaryRegexes(String regex) {
    assertThat(Checks.regex(regex)).isNull();
  }

  @Test
  void suggestsTheNearestName() {
    assertThat(Nearest.to("retires", Arrays.asList("retries", "route"))).isEqualTo("retries");
    assertThat(Nearest.to("mirror_percent", Arrays.asList("mirrorPercent"))).isNotNull();
    assertThat(Nearest.to("banana", Arrays.asList("retries", "route"))).isNull();
  }
}
