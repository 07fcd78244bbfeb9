package dev.weft.dataplane.database;

import org.jspecify.annotations.Nullable;

/** What a failure of the library says about the database. Immutable. */
public final class DatabaseFailure {
  /** What happened. */
  public enum Kind {
    /** The database could not be reached, or the connection broke, or it shuts down. */
    CONNECTION(true, true),
    /** The database answers that it is full or out of something. */
    OVERLOAD(true, true),
    /** No answer in time. */
    TIMEOUT(true, true),
    /** The database answered: a bad statement, a constraint, a deadlock, a wrong password. */
    STATEMENT(false, false);

    private final boolean down;
    private final boolean repeatable;

    Kind(boolean down, boolean repeatable) {
      this.down = down;
      this.repeatable = repeatable;
    }

    /** Whether a circuit breaker counts it. */
    public boolean isDown() {
      return down;
    }

    /** Whether a connect that failed so may be made again; a statement never is. */
    boolean isRepeatable() {
      return repeatable;
    }
  }

  private final Kind kind;
  private final @Nullable String sqlState;
  private final int vendorCode;

  private DatabaseFailure(Kind kind, @Nullable String sqlState, int vendorCode) {
    this.kind = kind;
    this.sqlState = sqlState;
    this.vendorCode = vendorCode;
  }

  /**
   * From what an {@code SQLException} says.
   *
   * @param hint what its type says ({@code SQLTimeoutException}: TIMEOUT, the connection exceptions
   *     and {@code SQLRecoverableException}: CONNECTION, other failures of the network:
   *     CONNECTION), or null when it says nothing; the state counts more
   * @param sqlState five letters, or null
   */
  public static DatabaseFailure of(@Nullable Kind hint, @Nullable String sqlState, int vendorCode) {
    Kind byState = sqlState == null ? null : SqlStates.kind(sqlState);
    Kind kind = byState != null ? byState : hint != null ? hint : Kind.STATEMENT;
    return new DatabaseFailure(kind, sqlState, vendorCode);
  }

  /** What happened. */
  public Kind kind() {
    return kind;
  }

  /** The SQLState, or null. */
  public @Nullable String sqlState() {
    return sqlState;
  }

  /** The vendor's code, 0 when there is none. */
  public int vendorCode() {
    return vendorCode;
  }

  /** {@code db.response.status_code}: the state, or else the vendor's code, or null. */
  public @Nullable String statusCode() {
    return sqlState != null ? sqlState : vendorCode != 0 ? Integer.toString(vendorCode) : null;
  }
}
