package dev.weft.dataplane.resilience;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A bulkhead whose size changes under way: what is taken beyond a smaller size stays until it is
 * given back, and nobody waits for that (docs/adr/0054-one-bulkhead-for-calls-and-databases.md).
 * Thread-safe.
 */
public final class Capacity {
  private final Places places = new Places();
  private int size;

  /** A semaphore that can go below zero. */
  private static final class Places extends Semaphore {
    private static final long serialVersionUID = 1L;

    Places() {
      super(0);
    }

    void remove(int count) {
      reducePermits(count);
    }
  }

  /** Sets how many places there are. */
  public synchronized Capacity resize(int wanted) {
    if (wanted > size) {
      places.release(wanted - size);
    } else if (wanted < size) {
      places.remove(size - wanted);
    }
    size = wanted;
    return this;
  }

  /** How many places there are. */
  public synchronized int size() {
    return size;
  }

  /**
   * Takes a place, waiting so long for one at most. An interrupt ends the wait and stays set.
   *
   * @return whether a place was taken; {@link #release} gives it back
   */
  public boolean tryAcquire(long waitNanos) {
    // Without a wait the state of the thread does not matter.
    if (places.tryAcquire()) {
      return true;
    }
    if (waitNanos <= 0) {
      return false;
    }
    try {
      return places.tryAcquire(waitNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Gives a place back. */
  public void release() {
    places.release();
  }
}
