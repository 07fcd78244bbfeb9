package dev.weft.dataplane.inbound;

import dev.weft.dataplane.Detached;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that wait for authorizers in place of those that must not. */
final class CheckThreads {
  private static final int THREADS = 32;
  private static final int QUEUE = 256;

  private CheckThreads() {}

  /** Daemons {@code mesh-check}, which end when there is nobody to wait for. */
  static Executor daemons() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            5,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> Detached.thread(task, "mesh-check"));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
