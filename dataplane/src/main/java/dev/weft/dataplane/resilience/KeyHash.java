package dev.weft.dataplane.resilience;

import java.security.SecureRandom;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) over the characters of texts, under a key of this
 * process: nobody outside can find two texts with the same hash. Immutable.
 */
public final class KeyHash {
  private static final KeyHash OF_PROCESS = drawn();

  private final long k0;
  private final long k1;

  private KeyHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  private static KeyHash drawn() {
    SecureRandom random = new SecureRandom();
    return new KeyHash(random.nextLong(), random.nextLong());
  }

  /** The hash under the key that this process drew when it began. */
  public static KeyHash ofProcess() {
    return OF_PROCESS;
  }

  static KeyHash of(long k0, long k1) {
    return new KeyHash(k0, k1);
  }

  /**
   * Hash of a text after others.
   *
   * @param before the hash of the texts before, 0 for none
   */
  public long of(CharSequence text, long before) {
    Rounds rounds = new Rounds(k0, k1);
    rounds.take(before);
    int length = text.length();
    long word = 0;
    for (int i = 0; i < length; i++) {
      word |= (long) text.charAt(i) << ((i & 3) << 4);
      if ((i & 3) == 3) {
        rounds.take(word);
        word = 0;
      }
    }
    // The last word tells the length in bytes, of which the hash before was eight.
    rounds.take(word | ((length * 2L + 8) << 56));
    return rounds.end();
  }

  /** The state; for one hash, one thread. Short-lived, so that the JIT keeps it in registers. */
  private static final class Rounds {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    Rounds(long k0, long k1) {
      v0 = k0 ^ 0x736f6d6570736575L;
      v1 = k1 ^ 0x646f72616e646f6dL;
      v2 = k0 ^ 0x6c7967656e657261L;
      v3 = k1 ^ 0x7465646279746573L;
    }

    void take(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
    }

    long end() {
      v2 ^= 0xff;
      round();
      round();
      round();
      round();
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
