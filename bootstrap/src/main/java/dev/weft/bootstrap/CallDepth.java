package dev.weft.bootstrap;

import org.jspecify.annotations.Nullable;

/**
 * Per-thread marks: how deep this thread is inside a hooked call, and whether what it does is the
 * agent's own traffic.
 *
 * <p>A library often enters itself (a client's {@code execute} calls another {@code execute}); only
 * the outermost call is the application's. All methods concern the calling thread only.
 */
public final class CallDepth {
  private static final ThreadLocal<Marks> MARKS =
      new ThreadLocal<Marks>() {
        @Override
        protected Marks initialValue() {
          return new Marks();
        }
      };

  private CallDepth() {}

  /**
   * Enters {@code key}.
   *
   * @param key compared by identity; a string constant or a class of the JDK, never of the
   *     application
   * @return how often this thread was inside already: 0 for the outermost call
   */
  public static int enter(Object key) {
    return MARKS.get().counter(key).depth++;
  }

  /**
   * Leaves {@code key}; every {@link #enter} needs exactly one.
   *
   * @return how often this thread still is inside: 0 when the outermost call ended
   */
  public static int leave(Object key) {
    Counter counter = MARKS.get().counter(key);
    if (counter.depth > 0) {
      counter.depth--;
    }
    return counter.depth;
  }

  /** How often this thread is inside {@code key} now. */
  public static int depth(Object key) {
    return MARKS.get().counter(key).depth;
  }

  /**
   * Marks this thread's traffic as the agent's own until the scope is closed: {@code try (Scope own
   * = agentTraffic())}.
   */
  public static Scope agentTraffic() {
    Marks marks = MARKS.get();
    marks.agentTraffic++;
    return marks;
  }

  /**
   * Marks this thread as the agent's for the rest of its life. For threads named {@code mesh-*}.
   */
  public static void markAgentThread() {
    MARKS.get().agentTraffic++;
  }

  /** Whether what this thread does now is the agent's own traffic, which is never instrumented. */
  public static boolean isAgentTraffic() {
    return MARKS.get().agentTraffic > 0;
  }

  /** Ends a mark; to be closed once, by the thread that opened it. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  private static final class Marks implements Scope {
    private @Nullable Counter first;
    private int agentTraffic;

    Counter counter(Object key) {
      for (Counter c = first; c != null; c = c.next) {
        if (c.key == key) {
          return c;
        }
      }
      Counter made = new Counter(key, first);
      first = made;
      return made;
    }

    @Override
    public void close() {
      agentTraffic--;
    }
  }

  private static final class Counter {
    final Object key;
    final @Nullable Counter next;
    int depth;

    Counter(Object key, @Nullable Counter next) {
      this.key = key;
      this.next = next;
    }
  }
}
