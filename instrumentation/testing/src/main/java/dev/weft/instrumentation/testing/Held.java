package dev.weft.instrumentation.testing;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers that wait: until a test lets them go, or for one another. Thread-safe. */
public final class Held {
  private final CountDownLatch release = new CountDownLatch(1);

  /** Waits for {@link #release}, half a minute at most. */
  public void hang() {
    try {
      release.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets all go, also those that come later. */
  public void release() {
    release.countDown();
  }

  /** Waits for the others that are to come, a second at most. */
  public static void meet(CyclicBarrier all) {
    try {
      all.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (BrokenBarrierException | TimeoutException e) {
      all.reset();
    }
  }
}
