package dev.weft.dataplane.outbound;

import dev.weft.dataplane.Detached;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs short tasks later. Thread-safe; a task must not block. */
public interface MeshTimer {
  /** A task that can be called off. */
  interface Scheduled {
    /** Calls the task off; no effect when it has run. */
    void cancel();
  }

  /** Runs the task once, not before so many nanoseconds have passed. */
  Scheduled schedule(Runnable task, long delayNanos);

  /** The timer of the agent: one daemon thread {@code mesh-timer}, started by the first task. */
  static MeshTimer daemon() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, task -> Detached.thread(task, "mesh-timer"));
    // A call that ended leaves no task behind to hold its objects until the deadline.
    executor.setRemoveOnCancelPolicy(true);
    return (task, delayNanos) -> {
      ScheduledFuture<?> future = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    };
  }
}
