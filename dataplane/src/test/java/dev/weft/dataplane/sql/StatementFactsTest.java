package dev.weft.dataplane.sql;

import static dev.weft.policy.snapshot.StatementKind.ALTER;
import static dev.weft.policy.snapshot.StatementKind.CALL;
import static dev.weft.policy.snapshot.StatementKind.COPY;
import static dev.weft.policy.snapshot.StatementKind.CREATE;
import static dev.weft.policy.snapshot.StatementKind.DELETE;
import static dev.weft.policy.snapshot.StatementKind.DROP;
import static dev.weft.policy.snapshot.StatementKind.EXPLAIN;
import static dev.weft.policy.snapshot.StatementKind.GRANT;
import static dev.weft.policy.snapshot.StatementKind.INSERT;
import static dev.weft.policy.snapshot.StatementKind.LOCK;
import static dev.weft.policy.snapshot.StatementKind.MERGE;
import static dev.weft.policy.snapshot.StatementKind.MULTIPLE;
import static dev.weft.policy.snapshot.StatementKind.OTHER;
import static dev.weft.policy.snapshot.StatementKind.SELECT;
import static dev.weft.policy.snapshot.StatementKind.SET;
import static dev.weft.policy.snapshot.StatementKind.SHOW;
import static dev.weft.policy.snapshot.StatementKind.TRANSACTION;
import static dev.weft.policy.snapshot.StatementKind.TRUNCATE;
import static dev.weft.policy.snapshot.StatementKind.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.StatementKind;
import org.junit.jupiter.api.Test;

class StatementFactsTest {
  private static StatementFacts read(Dialect dialect, String text) {
    return StatementFacts.of(dialect, text, text.length());
  }

  private static void kinds(Dialect dialect, String text, StatementKind... kinds) {
    assertThat(read(dialect, text).kinds())
        .as(dialect + " " + text)
        .containsExactlyInAnyOrder(kinds);
  }

  private static void everywhere(String text, StatementKind... kinds) {
    for (Dialect dialect : Dialect.values()) {
      kinds(dialect, text, kinds);
    }
  }

  private static void shown(Dialect dialect, String text, String expected) {
    assertThat(read(dialect, text).text()).as(text).isEqualTo(expected);
  }

  @Test
  void findsTheKindOfPlainStatements() {
    everywhere("SELECT * FROM t WHERE a = 'x'", SELECT);
    everywhere(" \n select 1", SELECT);
    everywhere("(SELECT 1) UNION (SELECT 2)", SELECT);
    everywhere("VALUES (1)", SELECT);
    everywhere("INSERT INTO t VALUES (1)", INSERT);
    everywhere("UPDATE t SET a = 1", UPDATE);
    everywhere("delete from t", DELETE);
    everywhere("{call f(?)}", CALL);
    everywhere("{? = call f(?)}", CALL);
    everywhere("CREATE TABLE t (a int)", CREATE);
    everywhere("CREATE OR REPLACE VIEW v (a) AS VALUES (1)", CREATE);
    everywhere("ALTER TABLE t RENAME TO u", ALTER);
    everywhere("DROP TABLE IF EXISTS t", DROP);
    everywhere("TRUNCATE TABLE t", TRUNCATE);
    everywhere("SHOW server_version", SHOW);
    everywhere("SET x = 1", SET);
    everywhere("COMMIT", TRANSACTION);
    everywhere("SET TRANSACTION READ ONLY", SET);
    everywhere("BEGIN", TRANSACTION);
    everywhere("START TRANSACTION READ ONLY", TRANSACTION);
    kinds(Dialect.POSTGRESQL, "FROBNICATE t", OTHER);
    kinds(Dialect.OTHER, "FROBNICATE t", OTHER);
    kinds(Dialect.SQL_SERVER, "sp_who", OTHER, CALL);
    everywhere("");
    everywhere("-- nothing\n");
  }

  @Test
  void findsWhatASelectDoesBesideReading() {
    for (Dialect dialect : Dialect.values()) {
      kinds(dialect, "SELECT * FROM t FOR UPDATE", SELECT, LOCK);
    }
    kinds(Dialect.POSTGRESQL, "SELECT * FROM t FOR NO KEY UPDATE", SELECT, LOCK);
    kinds(Dialect.POSTGRESQL, "SELECT * FROM t FOR SHARE", SELECT, LOCK);
    kinds(Dialect.MYSQL, "SELECT * FROM t LOCK IN SHARE MODE", SELECT, LOCK);
    kinds(Dialect.SQL_SERVER, "SELECT * FROM t WITH (UPDLOCK)", SELECT, LOCK);
    kinds(Dialect.POSTGRESQL, "SELECT * INTO u FROM t", SELECT, CREATE);
    kinds(Dialect.MYSQL, "SELECT a INTO @x FROM t", SELECT);
    kinds(Dialect.MYSQL, "SELECT a INTO OUTFILE '/tmp/x' FROM t", SELECT, COPY);
  }

  @Test
  void findsWhatAWithDoes() {
    everywhere("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", SELECT, DELETE);
    everywhere("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", SELECT, INSERT);
    everywhere("WITH x AS (SELECT 1) UPDATE t SET a = 1", SELECT, UPDATE);
    kinds(
        Dialect.POSTGRESQL,
        "INSERT INTO t WITH x AS (DELETE FROM u RETURNING *) SELECT * FROM x",
        INSERT,
        DELETE,
        SELECT);
    everywhere("WITH x AS (SELECT replace(a, 'b', 'c') FROM t) SELECT * FROM x", SELECT);
  }

  @Test
  void findsWhatHappensOnConflict() {
    kinds(
        Dialect.POSTGRESQL,
        "INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 1",
        INSERT,
        UPDATE);
    kinds(Dialect.POSTGRESQL, "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", INSERT);
    kinds(Dialect.MYSQL, "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1", INSERT, UPDATE);
    kinds(Dialect.MYSQL, "REPLACE INTO t VALUES (1)", INSERT, DELETE);
    everywhere("MERGE INTO t USING u ON a = b WHEN MATCHED THEN DELETE", MERGE, DELETE);
  }

  @Test
  void explainRunsAStatementOnlyWithAnalyze() {
    kinds(Dialect.POSTGRESQL, "EXPLAIN DELETE FROM t", EXPLAIN);
    kinds(Dialect.POSTGRESQL, "EXPLAIN ANALYZE DELETE FROM t", EXPLAIN, DELETE);
    kinds(Dialect.POSTGRESQL, "EXPLAIN (ANALYZE, BUFFERS) DELETE FROM t", EXPLAIN, DELETE);
    kinds(Dialect.MYSQL, "DESC ANALYZE DELETE FROM t", EXPLAIN, DELETE);
  }

  @Test
  void findsEveryStatementOfAText() {
    everywhere("SELECT 1; DROP TABLE t", SELECT, DROP, MULTIPLE);
    everywhere("SELECT ';'; ", SELECT);
    everywhere("SELECT 1;;", SELECT);
    kinds(Dialect.SQL_SERVER, "SELECT 1 DROP TABLE t", SELECT, DROP);
    kinds(Dialect.SQL_SERVER, "SELECT 1DELETE FROM t", SELECT, DELETE);
    kinds(Dialect.SQL_SERVER, "SELECT 1eDELETE FROM t", SELECT, DELETE);
    kinds(Dialect.SQL_SERVER, "SELECT 0x1\u00a0DELETE FROM t", SELECT, DELETE);
    kinds(Dialect.SQL_SERVER, "SELECT [a]DELETE FROM t", SELECT, DELETE);
    kinds(Dialect.SQL_SERVER, "SELECT @delete, [delete] FROM #drop", SELECT);
    kinds(Dialect.ORACLE, "BEGIN DELETE FROM t; END;", CALL, DELETE, TRANSACTION, MULTIPLE);
    kinds(
        Dialect.ORACLE,
        "DECLARE x NUMBER := 1; BEGIN f(x); END;",
        CALL,
        OTHER,
        TRANSACTION,
        MULTIPLE);
  }

  @Test
  void looksThroughCommentsAndQuotes() {
    everywhere("/* DROP */ SELECT 'DROP', \"DROP\" -- DROP\n FROM t", SELECT);
    kinds(Dialect.MYSQL, "SELECT `drop` # DROP\n FROM t", SELECT);
    kinds(Dialect.POSTGRESQL, "SELECT $$; DROP TABLE t$$, $x$; DROP $$ $x$", SELECT);
    kinds(Dialect.POSTGRESQL, "SELECT /* a /* b */ ; DROP TABLE t */ 1", SELECT);
    kinds(Dialect.ORACLE, "SELECT /* a /* b */ 1; DROP TABLE t", SELECT, DROP, MULTIPLE);
    kinds(Dialect.H2, "SELECT a FROM t FOR // x\n UPDATE", SELECT, LOCK);
    kinds(Dialect.H2, "SELECT 1 // '\n; DROP TABLE t --'", SELECT, DROP, MULTIPLE);
    kinds(Dialect.OTHER, "SELECT 1 // '\n; DROP TABLE t --'", SELECT, DROP, MULTIPLE);
    kinds(Dialect.ORACLE, "SELECT q'[it's; DROP TABLE t]' FROM dual", SELECT);
    kinds(Dialect.MYSQL, "SELECT 1 --1; DROP TABLE t", SELECT, DROP, MULTIPLE);
    kinds(Dialect.POSTGRESQL, "SELECT 1 --1; DROP TABLE t", SELECT);
    kinds(Dialect.POSTGRESQL, "SELECT E'\\'; DROP TABLE t --'", SELECT);
    kinds(Dialect.POSTGRESQL, "SELECT a::text, b[1:2], $1 FROM t WHERE x = :drop", SELECT);
  }

  @Test
  void takesTheGraverOfTwoReadings() {
    // The string ends before the DROP only if backslashes mean nothing.
    kinds(Dialect.POSTGRESQL, "SELECT 'a\\'; DROP TABLE t --'", SELECT, DROP, MULTIPLE);
    kinds(Dialect.MYSQL, "SELECT 'a\\'; DROP TABLE t -- '", SELECT, DROP, MULTIPLE);
    kinds(Dialect.MYSQL, "SELECT \"a\\\"; DROP TABLE t -- \"", SELECT, DROP, MULTIPLE);
    // The server runs it, or not, by its version.
    kinds(Dialect.MYSQL, "SELECT 1 /*!50001 ; DROP TABLE t */", SELECT, DROP, MULTIPLE);
    kinds(Dialect.MYSQL, "SELECT 1 /*M! ; DROP TABLE t */", SELECT, DROP, MULTIPLE);
    kinds(Dialect.MYSQL, "SELECT 1 /*!99999 ' */ ; DROP TABLE t -- '", SELECT, DROP, MULTIPLE);
    kinds(Dialect.OTHER, "SELECT '\\'; DROP TABLE t --'", SELECT, DROP, MULTIPLE);
    kinds(Dialect.OTHER, "SELECT $$ $$ # '\n; DROP TABLE t -- '", SELECT, DROP, MULTIPLE);
  }

  @Test
  void judgesWhatHidesStatements() {
    kinds(Dialect.POSTGRESQL, "DO $$ BEGIN DELETE FROM t; END $$", CALL);
    kinds(Dialect.POSTGRESQL, "PREPARE p AS DELETE FROM t", OTHER, DELETE);
    kinds(Dialect.MYSQL, "PREPARE p FROM 'DROP TABLE t'", OTHER);
    kinds(Dialect.POSTGRESQL, "PREPARE TRANSACTION 'x'", TRANSACTION);
    kinds(Dialect.POSTGRESQL, "COPY t FROM PROGRAM 'x'", COPY);
    kinds(Dialect.MYSQL, "SET GLOBAL read_only = 0", SET, OTHER);
    kinds(Dialect.MYSQL, "SET @@global.read_only = 0", SET, OTHER);
    kinds(Dialect.MYSQL, "SET STATEMENT x = 1 FOR UPDATE t SET a = 1", SET, OTHER, UPDATE);
    kinds(Dialect.MYSQL, "SET DEFAULT ROLE a TO b", SET, OTHER);
    kinds(Dialect.MYSQL, "RESET MASTER", SET, OTHER);
    kinds(Dialect.MYSQL, "SET x = DEFAULT, y = 1", SET);
    kinds(
        Dialect.MYSQL,
        "BEGIN NOT ATOMIC DELETE FROM t; END",
        TRANSACTION,
        CALL,
        OTHER,
        DELETE,
        MULTIPLE);
    kinds(Dialect.SQL_SERVER, "BEGIN TRAN DELETE FROM t COMMIT", TRANSACTION, DELETE);
    kinds(Dialect.MYSQL, "START SLAVE", TRANSACTION, OTHER);
    kinds(Dialect.SQL_SERVER, "EXEC('DROP TABLE t')", CALL);
    kinds(Dialect.SQL_SERVER, "IF 1=1 SHUTDOWN", OTHER, CALL);
    kinds(Dialect.POSTGRESQL, "GRANT DELETE ON t TO u", GRANT);
    kinds(Dialect.POSTGRESQL, "DECLARE c CURSOR FOR SELECT * FROM t", SELECT);
  }

  @Test
  void seesThroughWhatLooksLikeNoStatement() {
    kinds(Dialect.SQL_SERVER, "[sp_dropuser] 'x'", OTHER, CALL);
    kinds(Dialect.SQL_SERVER, "lbl:DELETE FROM t", OTHER, CALL, DELETE);
    kinds(Dialect.H2, "SELECT * FROM FINAL TABLE (DELETE FROM t)", SELECT, DELETE);
    kinds(Dialect.H2, "SELECT * FROM OLD TABLE(DELETE FROM t)", SELECT, DELETE);
    kinds(Dialect.ORACLE, "SELECT * FROM TABLE(f(1))", SELECT);
    kinds(Dialect.MYSQL, "ANALYZE DELETE FROM t", OTHER, DELETE);
    assertThat(read(Dialect.OTHER, "SELECT '\\' /* /*! */ # $a$ `b` [c] --").kinds())
        .hasSize(StatementKind.values().length);
    assertThat(read(Dialect.OTHER, "SELECT '\\' /* /*! */ # $a$ `b` [c] --").text())
        .isEqualTo("SELECT");
  }

  @Test
  void aTextWithoutAWordMayBeAnything() {
    for (String text : new String[] {"?", "(", "$1", "= ;"}) {
      assertThat(read(Dialect.POSTGRESQL, text).kinds())
          .as(text)
          .hasSize(StatementKind.values().length);
    }
    assertThat(read(Dialect.POSTGRESQL, " ; /* x */").kinds()).isEmpty();
  }

  @Test
  void theTextsOfABatchHideNothingFromEachOther() {
    StatementFacts batch =
        StatementFacts.ofBatch(
            java.util.Arrays.asList(
                read(Dialect.MYSQL, "INSERT INTO t VALUES (1) -- x"),
                read(Dialect.MYSQL, "DROP TABLE t")));
    assertThat(batch.kinds()).containsExactlyInAnyOrder(INSERT, DROP);
    assertThat(batch.summary()).isEqualTo("INSERT t");
  }

  @Test
  void onlyReadsIsWhatTheGuardLetsThrough() {
    assertThat(read(Dialect.POSTGRESQL, "SELECT 1; SHOW x").onlyReads()).isTrue();
    assertThat(read(Dialect.POSTGRESQL, "BEGIN").onlyReads()).isTrue();
    assertThat(read(Dialect.POSTGRESQL, "SELECT 1 FOR UPDATE").onlyReads()).isFalse();
    assertThat(read(Dialect.POSTGRESQL, "CALL f()").onlyReads()).isFalse();
    assertThat(read(Dialect.POSTGRESQL, "VACUUM").onlyReads()).isFalse();
  }

  @Test
  void knowsWhatOnlyEndsATransaction() {
    assertThat(read(Dialect.POSTGRESQL, "COMMIT").endsTransaction()).isTrue();
    assertThat(read(Dialect.POSTGRESQL, " /* x */ rollback to savepoint a;").endsTransaction())
        .isTrue();
    assertThat(read(Dialect.POSTGRESQL, "COMMIT; SELECT 1").endsTransaction()).isFalse();
    assertThat(read(Dialect.POSTGRESQL, "BEGIN").endsTransaction()).isFalse();
    assertThat(read(Dialect.POSTGRESQL, "").endsTransaction()).isFalse();
    assertThat(StatementFacts.of(Dialect.POSTGRESQL, "COMMIT; SELECT 1", 7).endsTransaction())
        .isFalse();
  }

  @Test
  void showsNoLiteral() {
    shown(
        Dialect.POSTGRESQL,
        "SELECT a, 'x''y', 1.5e-3, 0xFF, E'\\n', $1 /* secret */ FROM \"T\" WHERE b = -7 AND c = ?",
        "SELECT a, ?, ?, ?, ?, $1 FROM \"T\" WHERE b = -? AND c = ?");
    shown(Dialect.MYSQL, "SELECT \"secret\", `a` FROM t", "SELECT ?, `a` FROM t");
    shown(Dialect.POSTGRESQL, "SELECT 'open", "SELECT ?");
    shown(Dialect.POSTGRESQL, "SELECT $a$secret$a$", "SELECT ?");
    shown(Dialect.ORACLE, "SELECT nq'{secret}' FROM dual", "SELECT ? FROM dual");
  }

  @Test
  void showsOnlyTheVerbWhenALiteralMayEndInTwoPlaces() {
    StatementFacts facts = read(Dialect.MYSQL, "SELECT a FROM t WHERE b = 'it\\'s secret'");
    assertThat(facts.text()).isEqualTo("SELECT");
    assertThat(facts.summary()).isEqualTo("SELECT");
    assertThat(facts.collection()).isNull();
    shown(Dialect.MYSQL, "SELECT a FROM t WHERE b = 'c:\\\\d'", "SELECT a FROM t WHERE b = ?");
  }

  @Test
  void findsOperationAndTable() {
    table(
        "SELECT a FROM shop.orders o WHERE o.b = 1", "SELECT", "shop.orders", "SELECT shop.orders");
    table(
        "SELECT a FROM \"Orders\" WHERE EXTRACT(YEAR FROM b) = 1",
        "SELECT",
        "Orders",
        "SELECT Orders");
    table("insert into orders (a) values (1)", "INSERT", "orders", "INSERT orders");
    table("UPDATE orders SET a = 1", "UPDATE", "orders", "UPDATE orders");
    table("DELETE FROM orders", "DELETE", "orders", "DELETE orders");
    table("DROP TABLE IF EXISTS orders", "DROP", "orders", "DROP orders");
    table("CALL f(1)", "CALL", "f", "CALL f");
    table("SELECT * FROM a, b", "SELECT", null, "SELECT a b");
    table("SELECT * FROM a JOIN b ON a.x = b.x", "SELECT", null, "SELECT a b");
    table("SELECT * FROM (SELECT * FROM a) x", "SELECT", "a", "SELECT a");
    table("SELECT a IS DISTINCT FROM b", "SELECT", null, "SELECT");
    table("COMMIT", "COMMIT", null, "COMMIT");
    table(
        "WITH x AS (SELECT * FROM a) INSERT INTO b SELECT * FROM x",
        "INSERT",
        null,
        "INSERT a b x");
    table("SELECT 1 FROM a; DELETE FROM b", "SELECT", "a", "SELECT a");
  }

  private static void table(String text, String operation, String collection, String summary) {
    StatementFacts facts = read(Dialect.POSTGRESQL, text);
    assertThat(facts.operation()).as(text).isEqualTo(operation);
    assertThat(facts.collection()).as(text).isEqualTo(collection);
    assertThat(facts.summary()).as(text).isEqualTo(summary);
  }
}
