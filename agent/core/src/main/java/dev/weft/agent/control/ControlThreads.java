package dev.weft.agent.control;

import dev.weft.bootstrap.CallDepth;
import java.util.concurrent.ThreadFactory;

/** Makes the agent's own threads: daemons, without a context class loader, never instrumented. */
public final class ControlThreads {

  private ControlThreads() {}

  /**
   * A factory of threads that all bear {@code name}.
   *
   * @param name {@code mesh-} and what the thread does
   */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread =
          new Thread(
              () -> {
                CallDepth.markAgentThread();
                task.run();
              },
              name);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      return thread;
    };
  }
}
