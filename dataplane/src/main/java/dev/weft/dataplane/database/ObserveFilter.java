package dev.weft.dataplane.database;

import org.jspecify.annotations.Nullable;

/** Tells the observer that a call begins. */
final class ObserveFilter implements DatabaseFilter {
  private final GuardedObserver observer;

  ObserveFilter(GuardedObserver observer) {
    this.observer = observer;
  }

  @Override
  public DatabaseStage stage() {
    return DatabaseStage.OBSERVE;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    observer.started(exchange);
    return null;
  }
}
