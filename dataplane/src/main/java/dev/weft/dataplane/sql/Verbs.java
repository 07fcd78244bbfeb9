package dev.weft.dataplane.sql;

import dev.weft.policy.snapshot.StatementKind;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which words begin which kinds of statements. */
final class Verbs {
  /** By the first word of a statement; some say more with the second (see {@link KindReader}). */
  private static final Map<String, Set<StatementKind>> FIRST = new HashMap<>();

  /** Words that do something wherever they stand, once statements may stand anywhere. */
  private static final Map<String, StatementKind> ANYWHERE = new HashMap<>();

  /** Of those, the ones that are functions too, when a parenthesis follows. */
  static final Set<String> FUNCTIONS = words("REPLACE INSERT TRUNCATE LOAD COPY CALL");

  /** After BEGIN: a transaction, and no block of code. */
  static final Set<String> OF_TRANSACTIONS =
      words(
          "TRANSACTION TRAN WORK ISOLATION READ DEFERRABLE IMMEDIATE DEFERRED EXCLUSIVE"
              + " CONCURRENT DISTRIBUTED");

  /** First words that only end what was begun. */
  static final Set<String> ENDINGS = words("COMMIT ROLLBACK END ABORT RELEASE");

  /** After SET or RESET: of the server, or of somebody's rights, not of the session. */
  static final Set<String> OF_SERVERS =
      words("GLOBAL PERSIST PERSIST_ONLY PASSWORD STATEMENT MASTER SLAVE REPLICA BINARY QUERY");

  /** Hints of SQL Server that lock what is read for writing. */
  static final Set<String> LOCKING_HINTS = words("UPDLOCK XLOCK TABLOCKX");

  static {
    first(StatementKind.SELECT, "SELECT VALUES TABLE WITH FETCH MOVE");
    first(StatementKind.INSERT, "INSERT");
    first(StatementKind.UPDATE, "UPDATE WRITETEXT UPDATETEXT");
    first(StatementKind.DELETE, "DELETE");
    first(StatementKind.MERGE, "MERGE UPSERT");
    first(StatementKind.CALL, "CALL EXEC EXECUTE DO");
    first(StatementKind.CREATE, "CREATE");
    first(StatementKind.ALTER, "ALTER RENAME COMMENT");
    first(StatementKind.DROP, "DROP");
    first(StatementKind.TRUNCATE, "TRUNCATE");
    first(StatementKind.GRANT, "GRANT");
    first(StatementKind.REVOKE, "REVOKE DENY");
    first(StatementKind.LOCK, "LOCK UNLOCK");
    first(StatementKind.COPY, "COPY LOAD UNLOAD BULK IMPORT");
    first(StatementKind.EXPLAIN, "EXPLAIN DESCRIBE DESC");
    first(StatementKind.SHOW, "SHOW HELP");
    first(StatementKind.SET, "SET RESET USE CLOSE DEALLOCATE DISCARD");
    first(
        StatementKind.TRANSACTION,
        "BEGIN START COMMIT ROLLBACK SAVEPOINT SAVE RELEASE END ABORT XA");
    FIRST.put("REPLACE", EnumSet.of(StatementKind.INSERT, StatementKind.DELETE));
    for (String word :
        words(
            "SELECT INSERT UPDATE DELETE MERGE UPSERT CALL EXEC EXECUTE CREATE ALTER DROP TRUNCATE"
                + " GRANT REVOKE DENY BULK COPY LOAD WRITETEXT UPDATETEXT")) {
      ANYWHERE.put(word, first(word).iterator().next());
    }
    ANYWHERE.put("REPLACE", StatementKind.DELETE);
    for (String word :
        words(
            "SHUTDOWN KILL DBCC BACKUP RESTORE RECONFIGURE OPENROWSET OPENQUERY OPENDATASOURCE")) {
      ANYWHERE.put(word, StatementKind.OTHER);
    }
  }

  private Verbs() {}

  private static void first(StatementKind kind, String words) {
    for (String word : words(words)) {
      FIRST.put(word, EnumSet.of(kind));
    }
  }

  static Set<String> words(String text) {
    return Collections.unmodifiableSet(new HashSet<>(Arrays.asList(text.split(" "))));
  }

  /** Kinds of a statement with this first word; OTHER when nobody knows it. */
  static Set<StatementKind> first(String word) {
    return FIRST.getOrDefault(word, EnumSet.of(StatementKind.OTHER));
  }

  static @Nullable StatementKind anywhere(String word) {
    return ANYWHERE.get(word);
  }
}
