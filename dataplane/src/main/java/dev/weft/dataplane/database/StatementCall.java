package dev.weft.dataplane.database;

/**
 * The library's way to execute a statement.
 *
 * @param <R> the result
 */
public interface StatementCall<R> extends DatabaseCall {
  /**
   * Executes; called once at most.
   *
   * @param timeoutMillis how long it may take, at least 1; 0 when policy says nothing. The library
   *     ends the statement then, and an own shorter time of the application stays.
   */
  R execute(long timeoutMillis) throws Exception;

  /** How many statements, or sets of parameters, are sent at once; 0 when it is no batch. */
  default int batchSize() {
    return 0;
  }
}
