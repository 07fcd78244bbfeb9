package dev.weft.agent.dist;

import java.util.concurrent.locks.LockSupport;

/**
 * An application that does next to nothing; {@code threads} lists its threads, {@code wait} stays
 * until its input ends.
 */
public final class HelloMain {
  private HelloMain() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println("hello");
    if (arguments.length > 0 && arguments[0].equals("threads")) {
      LockSupport.parkNanos(500_000_000L);
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("mesh-") || !thread.isDaemon()) {
          System.out.println(
              thread.getName()
                  + " "
                  + thread.isDaemon()
                  + " "
                  + (thread.getContextClassLoader() == null));
        }
      }
    } else if (arguments.length > 0) {
      System.out.flush();
      while (System.in.read() >= 0) {
        continue;
      }
    }
  }
}
