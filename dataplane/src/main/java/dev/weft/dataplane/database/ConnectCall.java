package dev.weft.dataplane.database;

/**
 * The library's way to open a connection.
 *
 * @param <C> the connection
 */
public interface ConnectCall<C> extends DatabaseCall {
  /** Connects as the attempt says; may be called more than once, after a failure. */
  C connect(ConnectAttempt attempt) throws Exception;

  /** Whether the application asks for a connection that only reads, as far as that is known. */
  default boolean readOnly() {
    return false;
  }
}
