package dev.weft.dataplane.sql;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operation of the first statement of a text and the tables it is about, for telemetry
 * only: what it does not recognise it leaves out. Used by one thread.
 */
final class TableReader {
  private static final int MOST_TABLES = 4;
  private static final int DEEPEST = 32;

  private static final Set<String> BEFORE_A_TABLE =
      Verbs.words("FROM JOIN INTO UPDATE TABLE MERGE TRUNCATE CALL EXEC EXECUTE COPY VIEW");
  private static final Set<String> BETWEEN =
      Verbs.words(
          "ONLY TABLE IF NOT EXISTS INTO FROM LATERAL LOW_PRIORITY IGNORE QUICK DELAYED HIGH_PRIORITY"
              + " CONCURRENTLY TEMPORARY");
  private static final Set<String> ENDS_LIST =
      Verbs.words(
          "WHERE SET GROUP ORDER HAVING ON USING VALUES SELECT UNION LIMIT FETCH RETURNING");
  private static final Set<String> MAIN = Verbs.words("SELECT INSERT UPDATE DELETE MERGE");

  private final Set<String> tables = new LinkedHashSet<>();
  private final boolean[] query = new boolean[DEEPEST];
  private @Nullable String operation;
  private boolean more;
  private boolean expected;
  private boolean opened;
  private int depth;
  private int listDepth = -1;
  private @Nullable StringBuilder name;
  private boolean dotted;
  private String before = "";
  private boolean over;

  TableReader() {
    query[0] = true;
  }

  /** The verb, in upper case; null when there is none. */
  @Nullable String operation() {
    return operation;
  }

  /** The tables in the order of the text; not all when {@link #isMore}. */
  Set<String> tables() {
    return tables;
  }

  boolean isMore() {
    return more;
  }

  void end() {
    finish();
    over |= operation != null;
  }

  void word(String upper, String raw) {
    if (over) {
      return;
    }
    if (dotted) {
      append(raw);
      return;
    }
    finish();
    if (operation == null || (operation.equals("WITH") && depth == 0 && MAIN.contains(upper))) {
      operation = upper;
    }
    if (opened && depth < DEEPEST) {
      query[depth] = upper.equals("SELECT") || upper.equals("WITH");
    }
    opened = false;
    if (expected && !BETWEEN.contains(upper) && !upper.equals("SELECT")) {
      expected = false;
      name = new StringBuilder(raw);
      listDepth = depth;
    } else if (BEFORE_A_TABLE.contains(upper)) {
      boolean counts = depth < DEEPEST && query[depth] && !before.equals("DISTINCT");
      expected = counts && !(upper.equals("UPDATE") && before.equals("FOR"));
    } else if (ENDS_LIST.contains(upper)) {
      expected = false;
      listDepth = -1;
    }
    before = upper;
  }

  void name(String quoted) {
    if (over) {
      return;
    }
    String bare = quoted.length() >= 2 ? quoted.substring(1, quoted.length() - 1) : quoted;
    if (dotted) {
      append(bare);
    } else {
      finish();
      if (expected) {
        expected = false;
        name = new StringBuilder(bare);
        listDepth = depth;
      }
    }
    opened = false;
  }

  void sign(char sign) {
    if (over) {
      return;
    }
    if (sign == '.' && name != null) {
      dotted = true;
      return;
    }
    finish();
    opened = false;
    expected = false;
    if (sign == '(') {
      depth++;
      opened = true;
      if (depth < DEEPEST) {
        query[depth] = false;
      }
    } else if (sign == ')') {
      listDepth = listDepth == depth ? -1 : listDepth;
      depth = Math.max(0, depth - 1);
    } else if (sign == ',' && listDepth == depth) {
      expected = true;
    }
  }

  /** A literal or a parameter. */
  void other() {
    finish();
    opened = false;
    expected = false;
  }

  private void append(String part) {
    dotted = false;
    if (name != null) {
      name.append('.').append(part);
    }
  }

  private void finish() {
    StringBuilder done = name;
    name = null;
    dotted = false;
    if (done != null) {
      if (tables.size() < MOST_TABLES) {
        tables.add(done.toString());
      } else {
        more = true;
      }
    }
  }
}
