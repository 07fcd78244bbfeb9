package dev.weft.instrumentation.testing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.policy.snapshot.DatabaseStatements;
import java.sql.SQLException;

/** Cases of one theme of the {@link DatabaseContract}. */
interface DatabaseCases {
  /** What the cases run on. */
  DatabaseRig rig();

  /** A refusal that a pool does not take for a broken connection. */
  static void refuses(Class<? extends SQLException> type, Work work) {
    SQLException refused = catchThrowableOfType(type, work::run);
    assertThat((Throwable) refused).isNotNull().hasMessageContaining("DatabasePolicy shop/db");
    assertThat(refused.getSQLState()).hasSize(5).doesNotStartWith("08").isNotEqualTo("0A000");
  }

  /** What a test does with a database. */
  interface Work {
    /** Does it. */
    void run() throws Exception;
  }

  /** Nothing but queries. */
  static DatabaseStatements readOnly() {
    return DatabaseStatements.builder().readOnly(true).build();
  }
}
