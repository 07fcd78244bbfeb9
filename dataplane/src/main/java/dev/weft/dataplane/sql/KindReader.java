package dev.weft.dataplane.sql;

import dev.weft.policy.snapshot.StatementKind;
import java.util.EnumSet;
import java.util.Set;

/**
 * Finds the kinds of the statements of one text from its words. Where a word may be meant in two
 * ways, it counts as the graver one. Used by one thread.
 */
final class KindReader {
  private final Set<StatementKind> kinds = EnumSet.noneOf(StatementKind.class);
  private final int syntax;
  private final boolean postgres;
  private int statements;
  private boolean onlyEndings = true;
  private boolean begun;
  private boolean signs;
  private int words;
  private boolean anywhere;
  private String lead = "";
  private String before = "";
  private String before2 = "";

  KindReader(int syntax, boolean postgres) {
    this.syntax = syntax;
    this.postgres = postgres;
  }

  Set<StatementKind> kinds() {
    return kinds;
  }

  /** Whether there are statements, and all of them only end transactions. */
  boolean onlyEndings() {
    return statements > 0 && onlyEndings;
  }

  /** A statement is over. */
  void end() {
    if (begun && lead.equals("PREPARE")) {
      kinds.add(StatementKind.OTHER);
    }
    begun = false;
    anywhere = false;
    lead = "";
    before = "";
    before2 = "";
  }

  /**
   * A word without quotes.
   *
   * @param called whether a parenthesis follows
   */
  void word(String word, boolean called) {
    if (begun) {
      further(word, called);
    } else {
      first(word);
    }
    before2 = before;
    before = word;
  }

  /** A name in quotes, or a literal. No statement that is known begins with one. */
  void other() {
    signs = true;
    if (!begun) {
      first("");
    }
    before2 = before;
    before = "";
  }

  /** A sign or a parameter. */
  void sign() {
    signs = true;
  }

  /** The text is over. What has no word at all may be anything, so it is. */
  void close() {
    end();
    if (signs && statements == 0) {
      kinds.addAll(EnumSet.allOf(StatementKind.class));
    }
  }

  private void first(String word) {
    begun = true;
    words = 1;
    lead = word;
    if (++statements == 2) {
      kinds.add(StatementKind.MULTIPLE);
    }
    onlyEndings &= Verbs.ENDINGS.contains(word);
    if (word.equals("DECLARE")) {
      // A cursor, or the head of a block.
      kinds.add(postgres ? StatementKind.SELECT : StatementKind.CALL);
      anywhere = true;
    } else if (!word.equals("PREPARE")) {
      Set<StatementKind> known = Verbs.first(word);
      kinds.addAll(known);
      if (known.contains(StatementKind.OTHER) && (syntax & Syntax.CALLS_BY_NAME) != 0) {
        kinds.add(StatementKind.CALL);
      }
      anywhere =
          (syntax & Syntax.ANYWHERE) != 0
              || known.contains(StatementKind.OTHER)
              || known.contains(StatementKind.COPY)
              || word.equals("WITH")
              || word.equals("BEGIN")
              || word.equals("MERGE");
    }
  }

  private void further(String word, boolean called) {
    if (++words == 2) {
      second(word);
    }
    if (word.equals("WITH")
        || (word.equals("TABLE") && called)
        || (lead.startsWith("E") && (word.equals("ANALYZE") || word.equals("ANALYSE")))
        || (lead.startsWith("DESC") && word.equals("ANALYZE"))) {
      anywhere = true;
    }
    boolean sets = lead.equals("SET") || lead.equals("RESET");
    boolean defaultRole = word.equals("ROLE") && before.equals("DEFAULT");
    if (sets && (Verbs.OF_SERVERS.contains(word) || defaultRole)) {
      kinds.add(StatementKind.OTHER);
      anywhere |= word.equals("STATEMENT");
    }
    into(word);
    if (isLock(word)) {
      kinds.add(StatementKind.LOCK);
    } else if (word.equals("UPDATE") && (before.equals("KEY") || before.equals("DO"))) {
      kinds.add(StatementKind.UPDATE);
    } else if (anywhere) {
      verb(word, called);
    }
  }

  /** What the second word says about the first. */
  private void second(String word) {
    if (lead.equals("BEGIN") && !Verbs.OF_TRANSACTIONS.contains(word)) {
      // A block of code, of which this is the first word.
      kinds.add(StatementKind.CALL);
      kinds.addAll(Verbs.first(word));
    } else if (lead.equals("START") && !word.equals("TRANSACTION")) {
      kinds.add(StatementKind.OTHER);
    } else if (lead.equals("PREPARE")) {
      // PREPARE TRANSACTION ends one; any other hides a statement, perhaps in a string.
      kinds.add(word.equals("TRANSACTION") ? StatementKind.TRANSACTION : StatementKind.OTHER);
      anywhere = true;
      lead = "PREPARED";
    }
  }

  private boolean isLock(String word) {
    boolean select = !lead.equals("INSERT") && !lead.equals("REPLACE");
    switch (word) {
      case "UPDATE":
        return (before.equals("FOR") && !lead.equals("SET"))
            || (select && before.equals("KEY") && before2.equals("NO"));
      case "SHARE":
        return before.equals("FOR")
            || before.equals("KEY")
            || (before.equals("IN") && before2.equals("LOCK"));
      default:
        return Verbs.LOCKING_HINTS.contains(word) && (syntax & Syntax.ANYWHERE) != 0;
    }
  }

  /** SELECT INTO makes a table, or a file. */
  private void into(String word) {
    boolean file = word.equals("OUTFILE") || word.equals("DUMPFILE");
    if (file && before.equals("INTO")) {
      kinds.add(StatementKind.COPY);
    } else if (word.equals("INTO")
        && (syntax & Syntax.INTO_VARIABLE) == 0
        && kinds.contains(StatementKind.SELECT)
        && !before.equals("INSERT")
        && !before.equals("MERGE")
        && !before.equals("REPLACE")) {
      kinds.add(StatementKind.CREATE);
    }
  }

  private void verb(String word, boolean called) {
    StatementKind kind = Verbs.anywhere(word);
    if (kind == null || (called && Verbs.FUNCTIONS.contains(word))) {
      return;
    }
    boolean defines = lead.equals("CREATE") || lead.equals("ALTER");
    boolean harmless =
        defines
            && ((before.equals("ON") && (word.equals("DELETE") || word.equals("UPDATE")))
                || (before.equals("OR") && (word.equals("REPLACE") || word.equals("ALTER"))));
    if (!harmless) {
      kinds.add(kind);
    }
  }
}
