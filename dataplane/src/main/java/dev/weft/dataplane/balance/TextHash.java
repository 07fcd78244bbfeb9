package dev.weft.dataplane.balance;

/**
 * A 64-bit hash of texts, the same in every process: FNV-1a over the characters with the finishing
 * step of MurmurHash3, which FNV lacks for short texts. Not for adversaries: who chooses the text
 * chooses the endpoint.
 */
public final class TextHash {
  /** What {@link #of} never answers: there is nothing to hash. */
  public static final long NONE = 0;

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private TextHash() {}

  /** Hash of a text. */
  public static long of(CharSequence text) {
    return of(text, 0, text.length());
  }

  /** Hash of a part of a text. */
  public static long of(CharSequence text, int from, int to) {
    long hash = FNV_OFFSET;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      hash = (hash ^ (c & 0xff)) * FNV_PRIME;
      hash = (hash ^ (c >>> 8)) * FNV_PRIME;
    }
    long mixed = mix(hash);
    return mixed == NONE ? 1 : mixed;
  }

  /** Another hash of the same origin for each {@code round}. */
  public static long again(long hash, int round) {
    return mix(hash + round * 0x9e3779b97f4a7c15L);
  }

  private static long mix(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
