package dev.weft.agent.extension;

import dev.weft.bootstrap.CallDepth;
import java.util.concurrent.ForkJoinPool;

/**
 * Where code of the application may run: asynchronous clients call publishers, consumers and
 * handlers of it.
 */
public final class ApplicationThread {
  private ApplicationThread() {}

  /** Runs a task here, unless this is a thread of the agent. */
  public static void run(Runnable task) {
    if (CallDepth.isAgentTraffic()) {
      ForkJoinPool.commonPool().execute(task);
    } else {
      task.run();
    }
  }
}
