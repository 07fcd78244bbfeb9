package dev.weft.it.rig;

import java.time.Instant;

/**
 * An application that only says how long after its start it reached {@code main}; with an argument,
 * that many milliseconds pass before it ends.
 */
public final class HelloMain {
  private HelloMain() {}

  /** Prints. */
  public static void main(String[] arguments) throws InterruptedException {
    long now = Instant.now().toEpochMilli();
    long started = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
    System.out.println("main after " + (now - started));
    if (arguments.length > 0) {
      Thread.sleep(Long.parseLong(arguments[0]));
    }
  }
}
