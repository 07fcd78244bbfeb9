package dev.weft.dataplane.database;

/**
 * Watches connects and statements from start to end; telemetry plugs in here. It fails open:
 * whatever it throws is swallowed and counted, and the call goes on. Called on the thread of the
 * call, so it must not block. Thread-safe.
 */
public interface DatabaseObserver {
  /**
   * OBSERVE: a connect or a statement begins. May keep its own state with {@link
   * DatabaseExchange#attach(Object)}.
   */
  default void started(DatabaseExchange exchange) {}

  /** RETRY: another attempt to connect follows the one whose failure the exchange still shows. */
  default void retrying(DatabaseExchange exchange) {}

  /** CONCLUDE: it is over; called exactly once for each {@code started}. */
  default void ended(DatabaseExchange exchange) {}

  /** BREAK: a circuit breaker opened. */
  default void opened(DatabaseAddress address) {}

  /** BALANCE: a host of a redirect was ejected. */
  default void ejected(DatabaseAddress address) {}

  /** Watches nothing. */
  DatabaseObserver NONE = new DatabaseObserver() {};
}
