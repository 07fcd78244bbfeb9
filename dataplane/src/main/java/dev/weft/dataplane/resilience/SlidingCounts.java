package dev.weft.dataplane.resilience;

import java.util.concurrent.atomic.AtomicLongArray;

/** Two counts over a window that moves in tenths. Thread-safe without locks. */
final class SlidingCounts {
  private static final int SLOTS = 10;
  private static final int SECOND_SHIFT = 20;
  private static final int EPOCH_SHIFT = 40;
  private static final long COUNT_MASK = (1L << 20) - 1;
  private static final long EPOCH_MASK = (1L << 24) - 1;
  private static final long FIRST = 1;
  private static final long SECOND = 1L << SECOND_SHIFT;

  /** Per slot: its epoch in the upper 24 bits, 20 bits of the second count, 20 of the first. */
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  void first(long windowMillis, long nowNanos) {
    add(windowMillis, nowNanos, FIRST);
  }

  void second(long windowMillis, long nowNanos) {
    add(windowMillis, nowNanos, SECOND);
  }

  /** The first count, that of the window. */
  static long first(long sums) {
    return sums & 0xffffffffL;
  }

  /** The second count. */
  static long second(long sums) {
    return sums >>> 32;
  }

  /** Both counts, for {@link #first(long)} and {@link #second(long)}. */
  long sums(long windowMillis, long nowNanos) {
    long epoch = epoch(windowMillis, nowNanos);
    long first = 0;
    long second = 0;
    for (int i = 0; i < SLOTS; i++) {
      long slot = slots.get(i);
      if (((epoch - (slot >>> EPOCH_SHIFT)) & EPOCH_MASK) < SLOTS) {
        first += slot & COUNT_MASK;
        second += (slot >>> SECOND_SHIFT) & COUNT_MASK;
      }
    }
    return (second << 32) | first;
  }

  /**
   * The first count of the present tenth or of the one before, whichever is more, and the second
   * count of the present one: for {@link #first(long)} and {@link #second(long)}.
   */
  long present(long windowMillis, long nowNanos) {
    long epoch = epoch(windowMillis, nowNanos);
    long now = slot(epoch);
    long before = slot((epoch - 1) & EPOCH_MASK);
    return ((now >>> SECOND_SHIFT) & COUNT_MASK) << 32
        | Math.max(now & COUNT_MASK, before & COUNT_MASK);
  }

  /** 0 where nothing was counted in that tenth. */
  private long slot(long epoch) {
    long slot = slots.get((int) (epoch % SLOTS));
    return slot >>> EPOCH_SHIFT == epoch ? slot : 0;
  }

  private static long epoch(long windowMillis, long nowNanos) {
    long slotNanos = Math.max(1, windowMillis) * (1_000_000 / SLOTS);
    return Math.floorDiv(nowNanos, slotNanos) & EPOCH_MASK;
  }

  private void add(long windowMillis, long nowNanos, long one) {
    long epoch = epoch(windowMillis, nowNanos);
    int index = (int) (epoch % SLOTS);
    for (; ; ) {
      long before = slots.get(index);
      boolean current = before >>> EPOCH_SHIFT == epoch;
      long after = current ? before + one : (epoch << EPOCH_SHIFT) | one;
      // A full counter stays full rather than run over into its neighbour.
      boolean full =
          current && ((one == FIRST ? before : before >>> SECOND_SHIFT) & COUNT_MASK) == COUNT_MASK;
      if (full || slots.compareAndSet(index, before, after)) {
        return;
      }
    }
  }
}
