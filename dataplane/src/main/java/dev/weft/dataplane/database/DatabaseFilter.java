package dev.weft.dataplane.database;

import org.jspecify.annotations.Nullable;

/**
 * One stage of a connect or a statement. Decides on the exchange and says so; never calls the next.
 * JDBC blocks, so one filter waits: ADMIT, for a place, as long as policy says. One instance serves
 * all calls, so it keeps nothing of them. Thread-safe.
 */
interface DatabaseFilter {
  /** The stage it stands for. */
  DatabaseStage stage();

  /** Null lets the call go on. */
  @Nullable DatabaseRejection apply(DatabaseExchange exchange);

  /**
   * Gives back what {@link #apply} took, once, when the call or the attempt it let pass is over.
   */
  default void release(DatabaseExchange exchange) {}
}
