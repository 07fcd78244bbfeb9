package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.Bindings;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What statements will execute: the text they were prepared with, and the texts of batches. */
final class StatementTexts {
  /**
   * Stands for a text that is not known; without a word it is of every kind, so a guard refuses.
   */
  static final String UNKNOWN = "?";

  private static final String[] QUOTED = {"sql:'", "sql : '"};

  private static final Bindings<StatementTexts> KNOWN = new Bindings<>();

  private volatile @Nullable String prepared;
  private final List<String> batch = new ArrayList<>();
  private int batchSize;

  private StatementTexts() {}

  /** What is known of a statement, or null. */
  static @Nullable StatementTexts of(Object statement) {
    return KNOWN.get(statement);
  }

  private static StatementTexts made(Object statement) {
    StatementTexts known = KNOWN.get(statement);
    return known != null ? known : KNOWN.putIfAbsent(statement, new StatementTexts());
  }

  /** A statement was prepared; a driver that pools them may hand out one of before. */
  static void prepared(Object statement, String sql) {
    made(statement).prepared = sql;
  }

  /** A batch grows by one text, or for null by one set of parameters. */
  static void added(Object statement, @Nullable String sql) {
    made(statement).add(sql);
  }

  private synchronized void add(@Nullable String sql) {
    batchSize++;
    if (sql != null) {
      batch.add(sql);
    }
  }

  /** The batch is gone. */
  synchronized void cleared() {
    batch.clear();
    batchSize = 0;
  }

  /** Entries of the batch that were seen. */
  synchronized int batchSize() {
    return batchSize;
  }

  private synchronized List<String> batch() {
    return new ArrayList<>(batch);
  }

  /** The texts of an execution that is given none: one, or those of a batch. */
  static List<String> of(Statement statement, @Nullable StatementTexts known, boolean batch) {
    String prepared = known == null ? null : known.prepared;
    List<String> texts = known == null || !batch ? new ArrayList<>() : known.batch();
    if (prepared == null && statement instanceof PreparedStatement) {
      prepared = before(statement.toString());
      if (prepared != null) {
        prepared(statement, prepared);
      }
    }
    if (prepared != null) {
      texts.add(0, prepared);
    }
    return texts.isEmpty() ? Collections.singletonList(UNKNOWN) : texts;
  }

  /**
   * The text of a statement prepared before the agent came, as its driver describes it: {@code
   * prep1: SELECT 1}, {@code com.mysql.cj.jdbc.ClientPreparedStatement: SELECT 1}, {@code
   * ClientPreparedStatement{sql:'SELECT 1', ...}}, {@code sql : 'SELECT 1', parameters : [...]}, or
   * the text alone. Literals in it are of no consequence, for telemetry takes them out.
   */
  static @Nullable String before(@Nullable String described) {
    if (described == null) {
      return null;
    }
    for (String mark : QUOTED) {
      int quoted = described.indexOf(mark);
      if (quoted >= 0) {
        int from = quoted + mark.length();
        int parameters = described.lastIndexOf("', parameters");
        int end = parameters >= from ? parameters : described.lastIndexOf('\'');
        return described.substring(from, end >= from ? end : described.length());
      }
    }
    int colon = described.indexOf(": ");
    String text = described;
    if (colon > 0 && isName(described, colon)) {
      text = described.substring(colon + 2);
    }
    return isName(text, text.length()) ? null : text;
  }

  /** Whether the beginning names an object rather than being SQL. */
  private static boolean isName(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (!Character.isLetterOrDigit(c)
          && c != '.'
          && c != '$'
          && c != '_'
          && c != '@'
          && c != ':') {
        return false;
      }
    }
    return true;
  }
}
