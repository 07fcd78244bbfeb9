package dev.weft.dataplane.filter;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How a driver waits on the thread of its caller for a fault delay, a backoff or a place, injected
 * for tests.
 */
public interface Parker {
  /**
   * Waits on the calling thread.
   *
   * @throws InterruptedException when the application interrupts the thread
   */
  void park(long nanos) throws InterruptedException;

  /**
   * Waits on the calling thread until the latch is open, so long at most.
   *
   * @throws InterruptedException when the application interrupts the thread
   */
  default void await(CountDownLatch latch, long nanos) throws InterruptedException {
    // Whether it is open by now is the latch's to say.
    boolean ignored = latch.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** Really waits. */
  Parker SLEEPING = nanos -> TimeUnit.NANOSECONDS.sleep(nanos);
}
