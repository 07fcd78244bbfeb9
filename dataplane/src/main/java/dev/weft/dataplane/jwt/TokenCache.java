package dev.weft.dataplane.jwt;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were verified, so that a signature is checked once and not for each request. Bounded:
 * a newer token takes the place of an older one. Only what was verified comes in, so nobody can
 * drive others' tokens out who has none. Thread-safe without locks.
 */
final class TokenCache {
  private static final int SLOTS = 512;

  /** Longer tokens are verified each time, lest they fill the heap. */
  private static final int MAX_TEXT = 4096;

  private final AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(SLOTS);

  private static final class Entry {
    private final String text;
    private final VerifiedToken token;

    Entry(String text, VerifiedToken token) {
      this.text = text;
      this.token = token;
    }
  }

  /** What the token with exactly this text said; null when it is to be verified. */
  @Nullable VerifiedToken get(String text) {
    Entry entry = slots.get(slot(text));
    return entry != null && entry.text.equals(text) ? entry.token : null;
  }

  void put(String text, VerifiedToken token) {
    if (text.length() <= MAX_TEXT) {
      slots.lazySet(slot(text), new Entry(text, token));
    }
  }

  private static int slot(String text) {
    int hash = text.hashCode();
    return (hash ^ (hash >>> 16)) & (SLOTS - 1);
  }
}
