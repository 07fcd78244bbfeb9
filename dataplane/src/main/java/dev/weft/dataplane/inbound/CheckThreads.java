package dev.weft.dataplane.inbound;

import dev.weft.dataplane.Detached;
import java.util.concurrent.Executor;

/** Threads that wait for authorizers in place of those that must not; made with the first use. */
final class CheckThreads {
  private static final int THREADS = 32;
  private static final int QUEUE = 256;

  /** Of all drivers of this process. */
  static final Executor POOL = Detached.pool(THREADS, QUEUE, "mesh-check");

  private CheckThreads() {}
}
