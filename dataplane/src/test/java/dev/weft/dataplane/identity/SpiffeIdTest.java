package dev.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
  private static String repeat(char c, int times) {
    return new String(new char[times]).replace('\0', c);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://cluster.local",
        "spiffe://cluster.local/ns/shop/sa/orders",
        "spiffe://a_b-c.1/UPPER.lower_-9",
        "spiffe://td/...",
        "spiffe://td/.a/..b"
      })
  void takesWhatTheSpecificationAllows(String text) {
    assertThat(SpiffeId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "spiffe:/",
        "spiffe://",
        "spiffe:///path",
        "Spiffe://td/x",
        "SPIFFE://td/x",
        "https://td/x",
        "spiffe://TD/x",
        "spiffe://td:8080/x",
        "spiffe://me@td/x",
        "spiffe://[::1]/x",
        "spiffe://t%64/x",
        "spiffe://td/",
        "spiffe://td/x/",
        "spiffe://td//x",
        "spiffe://td/./x",
        "spiffe://td/x/..",
        "spiffe://td/../x",
        "spiffe://td/%2e",
        "spiffe://td/x?q",
        "spiffe://td/x#f",
        "spiffe://td?q",
        "spiffe://td/a b",
        "spiffe://td/x\u0000",
        "spiffe://td/\u00e9",
        "spiffe://t\u0131/x",
        " spiffe://td/x",
        "spiffe://td/x "
      })
  void refusesWhatItDoesNot(String text) {
    assertThat(SpiffeId.parse(text)).isNull();
  }

  @Test
  void holdsTheLimitsOfLength() {
    assertThat(SpiffeId.parse("spiffe://" + repeat('a', 255) + "/x")).isNotNull();
    assertThat(SpiffeId.parse("spiffe://" + repeat('a', 256) + "/x")).isNull();
    String id = "spiffe://td/" + repeat('a', 2048 - "spiffe://td/".length());
    assertThat(SpiffeId.parse(id)).isNotNull();
    assertThat(SpiffeId.parse(id + "a")).isNull();
  }

  /** Every character, so that none is admitted by oversight. */
  @Test
  void admitsNoOtherCharacter() {
    String segment = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
    String domain = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    for (char c = 0; c < 0x250; c++) {
      assertThat(SpiffeId.parse("spiffe://td/x" + c + "x") != null)
          .as("U+%04x in a path", (int) c)
          .isEqualTo(segment.indexOf(c) >= 0 || c == '/');
      assertThat(SpiffeId.parse("spiffe://t" + c + "d/x") != null)
          .as("U+%04x in a trust domain", (int) c)
          .isEqualTo(domain.indexOf(c) >= 0 || c == '/');
    }
  }
}
