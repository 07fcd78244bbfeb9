package dev.weft.dataplane.resilience;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bulkhead whose size changes under way: what is taken beyond a smaller size stays until it is
 * given back, and nobody waits for that (docs/adr/0054-one-bulkhead-for-calls-and-databases.md).
 * Those who find no place may wait in a line, and are called in their order; waiting takes no
 * thread (docs/adr/0350-calls-wait-for-a-place-without-a-thread.md). Thread-safe.
 */
public final class Capacity {
  /** Below zero where a smaller size came while more was taken. */
  private final AtomicInteger free = new AtomicInteger();

  private final AtomicInteger waiting = new AtomicInteger();
  private final Queue<Place> line = new ConcurrentLinkedQueue<>();
  private volatile int mostWaiting = Integer.MAX_VALUE;
  private int size;

  /** A place, or a turn in the line before there is one. Thread-safe. */
  public final class Place {
    private final CompletableFuture<Boolean> turn = new CompletableFuture<>();
    private final AtomicBoolean left = new AtomicBoolean();

    private Place() {}

    /** Whether this is a place, and not left yet. */
    public boolean isHeld() {
      return turn.getNow(false) && !left.get();
    }

    /**
     * Runs a task once when the wait is over, at once when it is: on the thread that gives a place
     * back or leaves the line, so it must be short.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // it has no outcome of its own
    public void whenOver(Runnable task) {
      turn.thenRun(task);
    }

    private boolean grant() {
      if (!turn.complete(true)) {
        return false;
      }
      waiting.decrementAndGet();
      return true;
    }

    /** Gives the place back, or leaves the line; what is done already is not done again. */
    public void leave() {
      if (!left.compareAndSet(false, true)) {
        return;
      }
      if (turn.complete(false)) {
        waiting.decrementAndGet();
        line.remove(this);
      } else {
        release();
      }
    }
  }

  /** Sets how many places there are, for any number of those who wait. */
  public Capacity resize(int wanted) {
    return resize(wanted, Integer.MAX_VALUE);
  }

  /**
   * Sets how many places there are, and how many may wait for one; those who wait already go on.
   */
  public synchronized Capacity resize(int wanted, int wantedWaiting) {
    mostWaiting = wantedWaiting;
    free.addAndGet(wanted - size);
    size = wanted;
    call();
    return this;
  }

  /** How many places there are. */
  public synchronized int size() {
    return size;
  }

  /** How many may wait for a place. */
  public int mostWaiting() {
    return mostWaiting;
  }

  /** How many wait for a place. */
  public int waiting() {
    return waiting.get();
  }

  /**
   * Takes a place if there is one and nobody waits for it.
   *
   * @return whether a place was taken; {@link #release} gives it back
   */
  public boolean tryAcquire() {
    return waiting.get() == 0 && take();
  }

  /**
   * Takes a place, waiting so long for one at most. An interrupt ends the wait and stays set.
   *
   * @return whether a place was taken; {@link #release} gives it back
   */
  public boolean tryAcquire(long waitNanos) {
    // Without a wait the state of the thread does not matter.
    if (tryAcquire()) {
      return true;
    }
    Place place = waitNanos <= 0 ? null : queue();
    if (place == null) {
      return false;
    }
    CountDownLatch over = new CountDownLatch(1);
    place.whenOver(over::countDown);
    try {
      if (over.await(waitNanos, TimeUnit.NANOSECONDS)) {
        return true;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    place.leave();
    return false;
  }

  /**
   * Waits in line for a place, without holding the thread up.
   *
   * @return null when as many wait as may; a place that is held may be there at once
   */
  public @Nullable Place queue() {
    int before;
    do {
      before = waiting.get();
      if (before >= mostWaiting) {
        return null;
      }
    } while (!waiting.compareAndSet(before, before + 1));
    Place place = new Place();
    line.add(place);
    // A place given back before it stood in the line would have called nobody.
    call();
    return place;
  }

  /** Gives a place back. */
  public void release() {
    free.incrementAndGet();
    call();
  }

  /** Hands places that are free to those who wait longest. */
  private void call() {
    while (!line.isEmpty() && take()) {
      Place next = line.poll();
      if (next == null || !next.grant()) {
        free.incrementAndGet();
      }
    }
  }

  private boolean take() {
    int there = free.get();
    while (there > 0) {
      if (free.compareAndSet(there, there - 1)) {
        return true;
      }
      there = free.get();
    }
    return false;
  }
}
