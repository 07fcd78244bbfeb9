package dev.weft.instrumentation;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bug, put into a hook by {@link dev.weft.it.rig.FaultyAgentJar}: each call throws the next kind
 * of throwable. Compiled here, copied into the jar, loaded by the hook's class loader.
 */
public final class InjectedFault {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private InjectedFault() {}

  /** How many kinds there are. */
  public static final int KINDS = 6;

  /** Throws. */
  public static void raise() {
    switch (NEXT.getAndIncrement() % KINDS) {
      case 0 -> throw new IllegalStateException("injected");
      case 1 -> throw new AssertionError("injected");
      case 2 -> throw new StackOverflowError("injected");
      case 3 -> throw new OutOfMemoryError("injected");
      case 4 -> throw new NoClassDefFoundError("injected");
      default -> InjectedFault.<RuntimeException>sneak(new InterruptedException("injected"));
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable fault) throws T {
    throw (T) fault;
  }
}
