package dev.weft.dataplane.database;

import org.jspecify.annotations.Nullable;

/** Tells the observer that a call is over. */
final class ConcludeFilter implements DatabaseFilter {
  private final GuardedObserver observer;

  ConcludeFilter(GuardedObserver observer) {
    this.observer = observer;
  }

  @Override
  public DatabaseStage stage() {
    return DatabaseStage.CONCLUDE;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    observer.ended(exchange);
    return null;
  }
}
