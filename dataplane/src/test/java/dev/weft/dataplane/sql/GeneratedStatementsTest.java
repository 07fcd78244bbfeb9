package dev.weft.dataplane.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.StatementKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Thousands of texts, made from pieces whose meaning is known, or from anything at all. */
class GeneratedStatementsTest {
  private static final String SECRET = "s3cret";

  private final Random random = new Random(20_261_128);

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** A literal of the dialect that holds a secret and what looks like a statement. */
  private String literal(Dialect dialect) {
    String inside =
        one(SECRET, "; DROP TABLE " + SECRET, "''" + SECRET, "-- " + SECRET, "/*" + SECRET);
    switch (dialect) {
      case POSTGRESQL:
        return one(
            "'" + inside + "'",
            "E'\\\\" + SECRET + "'",
            "$$" + inside + "$$",
            "$t$ $$ " + inside + "$t$",
            "X'" + SECRET + "'");
      case MYSQL:
        return one("'" + inside + "'", "\"" + inside + "\"", "N'" + inside + "'");
      case ORACLE:
        return one("'" + inside + "'", "q'[it's " + inside + "]'", "nq'!" + SECRET + "!'");
      default:
        return one("'" + inside + "'", "N'" + inside + "'");
    }
  }

  private String name(Dialect dialect) {
    switch (dialect) {
      case MYSQL:
        return one("t", "shop.t", "`drop`", "`a``b; delete`");
      case SQL_SERVER:
        return one("t", "#t", "@t", "[drop]", "[a]]b; delete]", "\"drop\"");
      default:
        return one("t", "shop.t", "\"drop\"", "\"a\"\"b; delete\"");
    }
  }

  private String gap(Dialect dialect) {
    return one(
        " ",
        "  ",
        "\n",
        "\t",
        " /* drop */ ",
        " -- delete\n",
        dialect == Dialect.MYSQL ? " # x\n" : " ");
  }

  private String statement(Dialect dialect, Set<StatementKind> kinds) {
    String gap = gap(dialect);
    String name = name(dialect);
    String where = gap + "WHERE" + gap + "a" + one("=", "<", " LIKE ") + literal(dialect);
    switch (random.nextInt(8)) {
      case 0:
        kinds.add(StatementKind.INSERT);
        return one("INSERT", "insert", "InSeRt")
            + gap
            + "INTO "
            + name
            + " VALUES ("
            + literal(dialect)
            + ")";
      case 1:
        kinds.add(StatementKind.UPDATE);
        return "UPDATE" + gap + name + gap + "SET a=" + literal(dialect) + where;
      case 2:
        kinds.add(StatementKind.DELETE);
        return "DELETE" + gap + "FROM " + name + where;
      case 3:
        kinds.add(StatementKind.DROP);
        return "DROP" + gap + "TABLE " + name;
      case 4:
        kinds.add(StatementKind.TRUNCATE);
        return "TRUNCATE" + gap + "TABLE " + name;
      case 5:
        kinds.add(StatementKind.SELECT);
        kinds.add(StatementKind.DELETE);
        return "WITH x AS" + gap + "(DELETE FROM " + name + where + ")" + gap + "SELECT 1";
      default:
        kinds.add(StatementKind.SELECT);
        return gap
            + one("SELECT", "select")
            + gap
            + "a, "
            + literal(dialect)
            + " FROM "
            + name
            + where;
    }
  }

  @Test
  void findsAllKindsAndNoOtherAndShowsNoSecret() {
    for (int i = 0; i < 20_000; i++) {
      Dialect dialect = Dialect.values()[random.nextInt(Dialect.values().length - 1)];
      Set<StatementKind> kinds = EnumSet.noneOf(StatementKind.class);
      List<String> texts = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int j = 0; j < count; j++) {
        texts.add(statement(dialect, kinds));
      }
      if (count > 1) {
        kinds.add(StatementKind.MULTIPLE);
      }
      String text = String.join(gap(dialect) + ";", texts) + one("", ";", " ; ");
      StatementFacts facts = StatementFacts.of(dialect, text, text.length());
      assertThat(facts.kinds()).as(dialect + " " + text).isEqualTo(kinds);
      assertThat(facts.text() + facts.summary()).as(dialect + " " + text).doesNotContain(SECRET);
    }
  }

  /** What no dialect lets hide is found whatever noise of quotes and comments goes before it. */
  @Test
  void neverMissesAStatementThatSomeReadingRuns() {
    for (int i = 0; i < 20_000; i++) {
      StringBuilder noise = new StringBuilder("SELECT ");
      for (int j = random.nextInt(6); j > 0; j--) {
        noise.append(
            one(
                "'", "\\'", "\"", "`", "$$", "/*", "*/", "/*!", "#", "--", "\n", "[", "]", "a",
                " "));
      }
      String text = noise + "\n;DELETE FROM t";
      for (Dialect dialect : new Dialect[] {Dialect.MYSQL, Dialect.POSTGRESQL, Dialect.OTHER}) {
        boolean runs = false;
        for (int reading : dialect.readings(text)) {
          runs |= runsDelete(text, reading);
        }
        StatementFacts facts = StatementFacts.of(dialect, text, text.length());
        assertThat(facts.kinds().contains(StatementKind.DELETE))
            .as(dialect + " " + text)
            .isEqualTo(runs);
        assertThat(facts.onlyReads()).as(dialect + " " + text).isEqualTo(!runs);
      }
    }
  }

  /** Whether the DELETE at the end is reached outside of quotes and comments. */
  private static boolean runsDelete(String text, int reading) {
    SqlScanner scanner = new SqlScanner(text, text.length(), reading);
    for (SqlScanner.Token t = scanner.next(); t != SqlScanner.Token.END; t = scanner.next()) {
      if (t == SqlScanner.Token.WORD && text.startsWith("DELETE", scanner.start())) {
        return true;
      }
    }
    return false;
  }

  @Test
  void endsOnAnyTextAndCoversItWhole() {
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(40); j > 0; j--) {
        text.append(
            (char) (random.nextInt(4) == 0 ? random.nextInt(0x1_0000) : random.nextInt(128)));
      }
      for (Dialect dialect : Dialect.values()) {
        StatementFacts facts = StatementFacts.of(dialect, text.toString(), text.length());
        assertThat(facts.text().length()).isLessThanOrEqualTo(text.length() + text.length());
      }
    }
  }

  @Test
  void isLinearInTheLengthOfHostileTexts() {
    for (String piece :
        new String[] {"(", "/*", "'", "$a$", "$a", "\\'", "[", "/*!", "a.", "1e", "--\n", "q'["}) {
      StringBuilder text = new StringBuilder("SELECT ");
      for (int i = 0; i < 30_000; i++) {
        text.append(piece);
      }
      long start = System.nanoTime();
      for (Dialect dialect : Dialect.values()) {
        StatementFacts.of(dialect, text.toString(), text.length());
      }
      // Generous: what is quadratic takes minutes at this length.
      assertThat(System.nanoTime() - start).as(piece).isLessThan(20_000_000_000L);
    }
  }

  @Test
  void theStoreForgetsWhatIsNotAskedForAndKeepsWhatIs() {
    StatementStore store = new StatementStore(Dialect.POSTGRESQL);
    StatementFacts kept = store.find("SELECT kept", true);
    for (int i = 0; i < 5_000; i++) {
      store.find("SELECT " + i, true);
      assertThat(store.find("SELECT kept", true)).isSameAs(kept);
      assertThat(store.size()).isLessThanOrEqualTo(2 * StatementStore.GENERATION + 1);
    }
    String huge =
        "SELECT 1;"
            + String.join("", java.util.Collections.nCopies(2_000, "       "))
            + "DROP TABLE t";
    assertThat(store.find(huge, true).kinds()).contains(StatementKind.DROP);
    assertThat(store.find(huge, false).kinds()).doesNotContain(StatementKind.DROP);
  }
}
