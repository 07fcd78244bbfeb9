package dev.weft.dataplane.database;

/**
 * Why the mesh does not let a call go on, in terms that the library's side turns into its own
 * exception. Immutable.
 */
public final class DatabaseRejection {
  /** Which exception of {@code java.sql} says it. */
  public enum Kind {
    /**
     * {@code SQLTransientConnectionException}: the database is taken for down, or full; later it
     * may do.
     */
    TRANSIENT_CONNECTION,
    /** {@code SQLTimeoutException}: the time for it is over. */
    TIMEOUT,
    /** {@code SQLNonTransientException}: policy forbids it, and will tomorrow. */
    FORBIDDEN,
    /** {@code SQLNonTransientConnectionException}: it cannot be had safely. */
    INSECURE
  }

  private final Kind kind;
  private final DatabaseStage stage;
  private final String policy;
  private final String sqlState;
  private final String message;

  private DatabaseRejection(
      Kind kind, DatabaseStage stage, String policy, String sqlState, String message) {
    this.kind = kind;
    this.stage = stage;
    this.policy = policy;
    this.sqlState = sqlState;
    this.message = message;
  }

  static DatabaseRejection of(
      Kind kind, DatabaseStage stage, String policy, String sqlState, String message) {
    return new DatabaseRejection(kind, stage, policy, sqlState, message);
  }

  /** Which exception to make. */
  public Kind kind() {
    return kind;
  }

  /** The stage that refused. */
  public DatabaseStage stage() {
    return stage;
  }

  /** The policy that refused, {@code namespace/name}. */
  public String policy() {
    return policy;
  }

  /**
   * The SQLState. Never of class 08 for a statement: pools throw away a connection that reports
   * one, and this connection is fine.
   */
  public String sqlState() {
    return sqlState;
  }

  /** What was refused, by which policy, and what to do. */
  public String message() {
    return message;
  }

  @Override
  public String toString() {
    return stage + " " + sqlState + " " + message;
  }
}
