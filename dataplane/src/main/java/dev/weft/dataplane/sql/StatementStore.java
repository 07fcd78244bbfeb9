package dev.weft.dataplane.sql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was read of a text, for one dialect. Two generations bound it: a full young one
 * becomes the old one, and what is asked for there comes back, so that at most {@value #GENERATION}
 * times two texts are kept and those in use stay. Thread-safe without locks.
 */
public final class StatementStore {
  /** Texts of one generation. */
  static final int GENERATION = 512;

  /** Longer texts are read anew each time: few of them are ever seen twice. */
  static final int LONGEST_KEPT = 8_192;

  private final Dialect dialect;
  private volatile Map<String, StatementFacts> young = new ConcurrentHashMap<>();
  private volatile Map<String, StatementFacts> old = new ConcurrentHashMap<>();

  /** An empty store. */
  public StatementStore(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * What the text says.
   *
   * @param whole whether the kinds of all its statements are needed; else only the beginning of a
   *     very long one is looked at
   */
  public StatementFacts find(String text, boolean whole) {
    if (text.length() > LONGEST_KEPT) {
      return StatementFacts.of(dialect, text, whole ? text.length() : LONGEST_KEPT);
    }
    StatementFacts known = young.get(text);
    if (known == null) {
      known = keep(text, old.get(text));
    }
    return known;
  }

  private StatementFacts keep(String text, @Nullable StatementFacts fromOld) {
    StatementFacts facts =
        fromOld != null ? fromOld : StatementFacts.of(dialect, text, text.length());
    Map<String, StatementFacts> now = young;
    if (now.size() >= GENERATION) {
      // Two threads at once lose a generation, which costs time only.
      old = now;
      now = new ConcurrentHashMap<>();
      young = now;
    }
    now.put(text, facts);
    return facts;
  }

  int size() {
    return young.size() + old.size();
  }
}
