package dev.weft.agent.control;

import dev.weft.agent.AgentLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The agent's few lines for the operator: one line a minute of each kind at most, never a stack
 * trace, and no character that could begin a line of its own. Thread-safe.
 */
public final class LineLog {

  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_LENGTH = 500;

  private final Consumer<String> out;
  private final LongSupplier nanos;
  private final Map<String, Long> last = new ConcurrentHashMap<>();

  private LineLog(Consumer<String> out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
  }

  /** Lines to stderr. */
  public static LineLog stderr() {
    return new LineLog(AgentLog::line, System::nanoTime);
  }

  /** Lines to {@code out}, timed by {@code nanos}. */
  public static LineLog to(Consumer<String> out, LongSupplier nanos) {
    return new LineLog(out, nanos);
  }

  /**
   * Writes a line unless one of its kind was written within a minute.
   *
   * @param kind what the line is about, one of few constants
   */
  public void line(String kind, String text) {
    long now = nanos.getAsLong();
    boolean[] due = {false};
    last.compute(
        kind,
        (key, before) -> {
          due[0] = before == null || now - before >= QUIET_NANOS;
          return due[0] ? Long.valueOf(now) : before;
        });
    if (due[0]) {
      out.accept(printable(text));
    }
  }

  /** What a failure says, in words that fit a line. */
  static String why(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
  }

  private static String printable(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
    for (int i = 0; i < text.length() && line.length() < MAX_LENGTH; i++) {
      char c = text.charAt(i);
      line.append(c < ' ' || (c >= 0x7f && c < 0xa0) ? ' ' : c);
    }
    return line.toString();
  }
}
