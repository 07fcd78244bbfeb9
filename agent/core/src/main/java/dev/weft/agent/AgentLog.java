package dev.weft.agent;

import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The agent's own voice: single lines on standard error, never a stack trace. Thread-safe. */
public final class AgentLog {
  private static final int MAX_REMEMBERED = 1000;
  private static final Set<String> SAID =
      Collections.newSetFromMap(new ConcurrentHashMap<String, Boolean>());

  private AgentLog() {}

  /** Prints {@code message} as one line, line breaks inside it replaced. */
  public static void line(String message) {
    System.err.println("[mesh] " + message.replace('\r', ' ').replace('\n', ' '));
  }

  /**
   * Prints {@code message} the first time it comes; the thousandth different message is the last.
   */
  public static void once(String message) {
    if (SAID.size() < MAX_REMEMBERED && SAID.add(message)) {
      line(message);
    }
  }

  /** A throwable in one line: its type, message, and the causes' types and messages. */
  public static String describe(Throwable t) {
    StringBuilder text = new StringBuilder();
    Throwable at = t;
    for (int depth = 0; at != null && depth < 4; depth++) {
      if (depth > 0) {
        text.append(", caused by ");
      }
      text.append(at.getClass().getSimpleName());
      if (at.getMessage() != null) {
        text.append(": ").append(at.getMessage());
      }
      at = at.getCause() == at ? null : at.getCause();
    }
    return text.toString();
  }
}
