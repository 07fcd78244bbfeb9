package dev.weft.dataplane.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {
  /** Vectors of the reference implementation: the bytes 0, 1, 2, ... under the key of 0 to 15. */
  @ParameterizedTest
  @CsvSource({
    "8, 93f5f5799a932462",
    "10, 7a5dbbc594ddb9f3",
    "12, 751e8fbc860ee5fb",
    "14, f723ca908e7af2ee"
  })
  void isSipHash(int bytes, String expected) {
    StringBuilder text = new StringBuilder();
    for (int at = 8; at < bytes; at += 2) {
      text.append((char) ((at + 1) << 8 | at));
    }
    long hash = KeyHash.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L).of(text, 0x0706050403020100L);
    assertThat(Long.toHexString(hash)).isEqualTo(expected);
  }
}
