package dev.weft.it.rig;

import java.time.Instant;

/** An application that only says how long after its start it reached {@code main}. */
public final class HelloMain {
  private HelloMain() {}

  /** Prints. */
  public static void main(String[] arguments) {
    long now = Instant.now().toEpochMilli();
    long started = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
    System.out.println("main after " + (now - started));
  }
}
