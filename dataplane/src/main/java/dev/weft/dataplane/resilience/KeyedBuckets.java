package dev.weft.dataplane.resilience;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A bucket for each key, of a bounded number of keys. A key has few slots to be in; it takes over
 * one whose bucket is full again, which says no more than a new one would. When none is, the key
 * shares one bucket with all others that found none, so what is let through in all is bounded, too.
 * Thread-safe without locks; allocates when a key is new.
 */
public final class KeyedBuckets {
  private static final int WAYS = 8;

  private final AtomicReferenceArray<Bucket> slots;
  private final int sets;
  private final AtomicLong rest;

  /**
   * Without a key yet.
   *
   * @param keys about how many keys find a bucket of their own, at least 1; at most twice as many,
   *     or eight, are kept
   */
  public KeyedBuckets(int keys, long nowNanos) {
    this.sets = Math.max(1, keys * 2 / WAYS);
    this.slots = new AtomicReferenceArray<>(sets * WAYS);
    this.rest = new AtomicLong(nowNanos);
  }

  private static final class Bucket extends AtomicLong {
    private static final long serialVersionUID = 1L;

    final long key;

    Bucket(long key, long nowNanos) {
      super(nowNanos);
      this.key = key;
    }
  }

  /**
   * Takes a token of a key.
   *
   * @param key a hash over 64 bits that no caller can foresee: equal ones are one key
   * @return 0, or in how many nanoseconds there will be a token, when there is none
   */
  public long take(long key, TokenRate rate, long nowNanos) {
    int first = (int) (((key >>> 32) * sets) >>> 32) * WAYS;
    for (; ; ) {
      int free = -1;
      Bucket former = null;
      for (int slot = first; slot < first + WAYS; slot++) {
        Bucket bucket = slots.get(slot);
        if (bucket != null && bucket.key == key) {
          return rate.take(bucket, nowNanos);
        }
        if (free < 0 && (bucket == null || bucket.get() - nowNanos <= 0)) {
          free = slot;
          former = bucket;
        }
        if (bucket == null) {
          // Slots fill in order and are never emptied.
          break;
        }
      }
      if (free < 0) {
        return rate.take(rest, nowNanos);
      }
      Bucket fresh = new Bucket(key, nowNanos);
      if (slots.compareAndSet(free, former, fresh)) {
        return rate.take(fresh, nowNanos);
      }
    }
  }
}
