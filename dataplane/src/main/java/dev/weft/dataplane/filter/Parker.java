package dev.weft.dataplane.filter;

import java.util.concurrent.TimeUnit;

/**
 * How a driver waits on the thread of its caller for a fault delay or a backoff, injected for
 * tests.
 */
public interface Parker {
  /**
   * Waits on the calling thread.
   *
   * @throws InterruptedException when the application interrupts the thread
   */
  void park(long nanos) throws InterruptedException;

  /** Really waits. */
  Parker SLEEPING = nanos -> TimeUnit.NANOSECONDS.sleep(nanos);
}
