package dev.weft.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class AccessTokenTest {
  private static final byte[] FINGERPRINT = new byte[32];

  private final AccessToken token =
      AccessToken.generate(AccessToken.Kind.JOIN, FINGERPRINT, new SecureRandom());

  @Test
  void parsesItsOwnText() {
    AccessToken parsed = AccessToken.parse(token.text() + "\n");
    assertThat(parsed.text()).isEqualTo(token.text()).startsWith("weft-join.");
    assertThat(parsed.kind()).isEqualTo(AccessToken.Kind.JOIN);
    assertThat(parsed.id()).isEqualTo(token.id());
    assertThat(parsed.rootFingerprint()).isEqualTo(FINGERPRINT);
    assertThat(parsed.matches(token.secretHash())).isTrue();
  }

  @Test
  void doesNotMatchAnotherSecret() {
    byte[] hash = token.secretHash();
    hash[31] ^= 1;
    assertThat(token.matches(hash)).isFalse();
    assertThat(token.matches(Arrays.copyOf(hash, 31))).isFalse();
    assertThat(token.matches(new byte[0])).isFalse();
  }

  @Test
  void hidesTheSecret() {
    String secret = token.text().split("\\.")[2];
    assertThat(token.toString()).contains(token.id()).doesNotContain(secret);
  }

  @Test
  void saysWhatIsWrong() {
    String[] parts = token.text().split("\\.");
    assertRefused("", "1 parts");
    assertRefused("secret." + parts[1] + "." + parts[2] + "." + parts[3], "begins with neither");
    assertRefused(parts[0] + ".a b." + parts[2] + "." + parts[3], "id is not base64url");
    assertRefused(parts[0] + "." + parts[1] + ".AAAA." + parts[3], "secret has 3 bytes");
    assertRefused(token.text() + ".x", "5 parts");
    assertRefused(token.text() + new String(new char[300]).replace('\0', 'a'), "longer than");
    assertThatThrownBy(() -> AccessToken.parse(parts[0] + "..." + parts[2]))
        .hasMessageContaining("meshctl token create")
        .hasMessageNotContaining(parts[2]);
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> AccessToken.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
