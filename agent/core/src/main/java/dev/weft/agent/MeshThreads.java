package dev.weft.agent;

import dev.weft.bootstrap.CallDepth;
import dev.weft.bootstrap.ForeignTracer;
import dev.weft.dataplane.Detached;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads of the agent: daemons named {@code mesh-*} that keep no application class loader alive
 * (see {@link Detached}), and marked so that nothing they do is instrumented. Thread-safe.
 */
public final class MeshThreads {
  private MeshThreads() {}

  /**
   * A thread that is not started yet.
   *
   * @param name name after {@code mesh-}
   */
  public static Thread create(String name, Runnable body) {
    Thread thread =
        Detached.thread(
            new Runnable() {
              @Override
              public void run() {
                CallDepth.markAgentThread();
                ForeignTracer.hide(body).run();
              }
            },
            "mesh-" + name);
    thread.setUncaughtExceptionHandler(
        new Thread.UncaughtExceptionHandler() {
          @Override
          public void uncaughtException(Thread t, Throwable failure) {
            AgentLog.line(t.getName() + " ended on a defect: " + AgentLog.describe(failure));
          }
        });
    return thread;
  }

  /**
   * A factory for executors: the first thread is {@code mesh-<name>}, further ones are numbered.
   */
  public static ThreadFactory factory(String name) {
    AtomicInteger count = new AtomicInteger();
    return body -> {
      int number = count.incrementAndGet();
      return create(number == 1 ? name : name + "-" + number, body);
    };
  }
}
