package dev.weft.dataplane.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue for many producers and one consumer, after Dmitry Vyukov's bounded MPMC queue:
 * each slot carries the turn in which it may be written or read. Offering takes no lock and never
 * waits.
 */
final class Ring<T> {

  private final AtomicReferenceArray<@Nullable T> slots;
  private final AtomicLongArray turns;
  private final AtomicLong tail = new AtomicLong();
  private final int mask;
  private long head;

  /**
   * A ring of the next power of two.
   *
   * @param capacity at least this many elements, 2 or more
   */
  Ring(int capacity) {
    int size = Integer.highestOneBit(Math.max(2, capacity) - 1) << 1;
    this.slots = new AtomicReferenceArray<>(size);
    this.turns = new AtomicLongArray(size);
    for (int i = 0; i < size; i++) {
      turns.set(i, i);
    }
    this.mask = size - 1;
  }

  /** Adds an element; false when the ring is full. Any thread. */
  boolean offer(T element) {
    while (true) {
      long at = tail.get();
      int slot = (int) at & mask;
      long lag = turns.get(slot) - at;
      if (lag < 0) {
        return false;
      }
      if (lag == 0 && tail.compareAndSet(at, at + 1)) {
        slots.lazySet(slot, element);
        turns.set(slot, at + 1);
        return true;
      }
    }
  }

  /** Takes the oldest element; null when there is none. The one consumer only. */
  @Nullable T poll() {
    int slot = (int) head & mask;
    if (turns.get(slot) != head + 1) {
      return null;
    }
    T element = slots.get(slot);
    slots.lazySet(slot, null);
    turns.set(slot, head + mask + 1);
    head++;
    return element;
  }

  /** Whether something waits to be taken. The one consumer only. */
  boolean hasNext() {
    return turns.get((int) head & mask) == head + 1;
  }
}
