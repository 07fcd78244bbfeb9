package dev.weft.dataplane;

import java.io.IOException;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes what outlives the application's call that happens to make it, so that nothing of the
 * application is kept alive.
 *
 * <p>Up to Java 23 a new thread, TLS socket or TLS engine remembers the protection domains of all
 * its callers, each of which holds a class loader. As a privileged action the memory ends at our
 * own classes; a security manager, for the same reason, then asks only what the agent may do.
 */
public final class Detached {
  private Detached() {}

  /** A daemon thread that is not started yet, without context class loader. */
  public static Thread thread(Runnable body, String name) {
    Thread thread = make(() -> new Thread(null, body, name));
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  /**
   * Threads of that name that take tasks, and end when there is nothing to do for 5 s.
   *
   * @param threads at most
   * @param waiting tasks at most; one more is a {@code RejectedExecutionException}
   */
  public static Executor pool(int threads, int waiting, String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            5,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            task -> thread(task, name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** What {@code maker} makes. */
  public static <T> T make(PrivilegedAction<T> maker) {
    return AccessController.doPrivileged(maker);
  }

  /** What {@code maker} makes, which may fail with an {@code IOException} or unchecked. */
  public static <T> T open(PrivilegedExceptionAction<T> maker) throws IOException {
    try {
      return AccessController.doPrivileged(maker);
    } catch (PrivilegedActionException e) {
      throw e.getException() instanceof IOException
          ? (IOException) e.getException()
          : new IOException(e.getException());
    }
  }
}
