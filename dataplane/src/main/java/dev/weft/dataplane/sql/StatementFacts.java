package dev.weft.dataplane.sql;

import dev.weft.policy.snapshot.StatementKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the text of a statement says. Where a text can be read in more than one way, it is of all
 * kinds that any reading finds, and its literals are gone in every reading. Immutable.
 */
public final class StatementFacts {
  /** Longer texts are cut in telemetry. */
  static final int LONGEST_TEXT = 4_096;

  /** As the conventions bound {@code db.query.summary}. */
  private static final int LONGEST_SUMMARY = 255;

  /** A text with traces of more kinds of quotes than that is not worth reading in all ways. */
  private static final int MOST_READINGS = 32;

  /** Longer words are no keywords. */
  private static final int LONGEST_KEYWORD = 24;

  private static final Set<StatementKind> HARMLESS =
      EnumSet.of(
          StatementKind.SELECT,
          StatementKind.EXPLAIN,
          StatementKind.SHOW,
          StatementKind.SET,
          StatementKind.TRANSACTION,
          StatementKind.MULTIPLE);

  private final Set<StatementKind> kinds;
  private final boolean onlyReads;
  private final boolean endsTransaction;
  private final @Nullable String operation;
  private final @Nullable String collection;
  private final String summary;
  private final String text;

  private StatementFacts(
      Set<StatementKind> kinds,
      boolean endsTransaction,
      @Nullable String operation,
      @Nullable String collection,
      String summary,
      String text) {
    this.kinds = Collections.unmodifiableSet(kinds);
    this.onlyReads = HARMLESS.containsAll(kinds);
    this.endsTransaction = endsTransaction;
    this.operation = operation;
    this.collection = collection;
    this.summary = summary;
    this.text = text;
  }

  /**
   * Reads a text.
   *
   * @param limit characters that are looked at; kinds that stand beyond are not found
   */
  static StatementFacts of(Dialect dialect, String text, int limit) {
    int end = Math.min(limit, text.length());
    Set<StatementKind> kinds = EnumSet.noneOf(StatementKind.class);
    boolean endings = end == text.length();
    boolean agree = true;
    TableReader tables = new TableReader();
    String sanitized = "";
    int[] readings = dialect.readings(text);
    if (readings.length > MOST_READINGS) {
      kinds = EnumSet.allOf(StatementKind.class);
      endings = false;
      agree = false;
      readings = new int[] {readings[0]};
    }
    for (int i = 0; i < readings.length; i++) {
      KindReader reader = new KindReader(readings[i], dialect == Dialect.POSTGRESQL);
      TableReader own = i == 0 ? tables : new TableReader();
      String read = read(text, end, readings[i], reader, own);
      sanitized = i == 0 ? read : sanitized;
      agree &= read.equals(sanitized);
      kinds.addAll(reader.kinds());
      endings &= reader.onlyEndings();
    }
    String operation = tables.operation();
    Set<String> names = tables.tables();
    StringBuilder summary = new StringBuilder(operation == null ? "" : operation);
    for (String name : names) {
      if (summary.length() + 1 + name.length() <= LONGEST_SUMMARY) {
        summary.append(summary.length() == 0 ? "" : " ").append(name);
      }
    }
    boolean one = names.size() == 1 && !tables.isMore();
    // What one reading takes for a literal another may show: then nothing of the text is shown.
    return new StatementFacts(
        kinds,
        endings,
        operation,
        agree && one ? names.iterator().next() : null,
        agree || operation == null ? summary.toString() : operation,
        agree ? sanitized : operation == null ? "" : operation);
  }

  /**
   * What several texts say that are sent as one batch: the kinds of all, else what the first says.
   * They are no MULTIPLE, for each is a text of its own.
   *
   * @param all at least one
   */
  public static StatementFacts ofBatch(List<StatementFacts> all) {
    StatementFacts first = all.get(0);
    Set<StatementKind> kinds = EnumSet.noneOf(StatementKind.class);
    boolean endings = true;
    for (StatementFacts each : all) {
      kinds.addAll(each.kinds);
      endings &= each.endsTransaction;
    }
    return new StatementFacts(
        kinds, endings, first.operation, first.collection, first.summary, first.text);
  }

  private static String read(
      String text, int end, int syntax, KindReader kinds, TableReader tables) {
    SqlScanner scanner = new SqlScanner(text, end, syntax);
    StringBuilder shown = new StringBuilder(Math.min(end, LONGEST_TEXT) + 16);
    for (SqlScanner.Token token = scanner.next();
        token != SqlScanner.Token.END;
        token = scanner.next()) {
      String raw = text.substring(scanner.start(), Math.min(scanner.position(), end));
      boolean literal = token == SqlScanner.Token.LITERAL;
      if (shown.length() < LONGEST_TEXT) {
        shown.append(scanner.spaced() && shown.length() > 0 ? " " : "");
        shown.append(literal ? "?" : raw);
      }
      switch (token) {
        case WORD:
          boolean keyword = raw.length() <= LONGEST_KEYWORD;
          String upper = keyword ? raw.toUpperCase(Locale.ROOT) : raw;
          kinds.word(upper, isCalled(text, scanner.position(), end));
          tables.word(upper, raw);
          break;
        case NAME:
          kinds.other();
          tables.name(raw);
          break;
        case SIGN:
          if (raw.equals(";")) {
            kinds.end();
            tables.end();
          } else {
            kinds.sign();
            tables.sign(raw.charAt(0));
          }
          break;
        case LITERAL:
          kinds.other();
          tables.other();
          break;
        default:
          kinds.sign();
          tables.other();
      }
    }
    kinds.close();
    tables.end();
    if (shown.length() > LONGEST_TEXT) {
      shown.setLength(LONGEST_TEXT);
    }
    return shown.toString();
  }

  private static boolean isCalled(String text, int from, int end) {
    int at = from;
    while (at < end && text.charAt(at) <= ' ') {
      at++;
    }
    return at < end && text.charAt(at) == '(';
  }

  /** All kinds of all its statements, in every way to read it; empty for an empty text. */
  public Set<StatementKind> kinds() {
    return kinds;
  }

  /**
   * Whether it reads only, as far as a text shows: a function that a SELECT calls may write all the
   * same.
   */
  public boolean onlyReads() {
    return onlyReads;
  }

  /** Whether it does nothing but end what was begun: COMMIT, ROLLBACK, RELEASE. */
  public boolean endsTransaction() {
    return endsTransaction;
  }

  /** {@code db.operation.name}: the verb of its first statement, in upper case, or null. */
  public @Nullable String operation() {
    return operation;
  }

  /** {@code db.collection.name}: its table when it is about exactly one, or null. */
  public @Nullable String collection() {
    return collection;
  }

  /** {@code db.query.summary}: verb and tables of its first statement; may be empty. */
  public String summary() {
    return summary;
  }

  /**
   * {@code db.query.text}: without comments, {@code ?} for each literal, at most 4,096 characters.
   * Only the verb where it is not certain what is a literal.
   */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return kinds + " " + text;
  }
}
