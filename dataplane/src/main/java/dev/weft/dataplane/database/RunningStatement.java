package dev.weft.dataplane.database;

import org.jspecify.annotations.Nullable;

/** A statement between its admission and its outcome. Used by one thread. */
public final class RunningStatement {
  private final DatabaseChain chain;
  private final DatabaseExchange exchange;
  private final DatabaseCall call;
  private boolean ended;

  RunningStatement(DatabaseChain chain, DatabaseExchange exchange, DatabaseCall call) {
    this.chain = chain;
    this.exchange = exchange;
    this.call = call;
  }

  /** How long it may take, as {@link StatementCall#execute} says; 0 when policy says nothing. */
  public long timeoutMillis() {
    return exchange.timeoutMillis;
  }

  /**
   * The statement is over; the second and further calls do nothing.
   *
   * @param failure what the library threw, null when it returned
   */
  public void end(@Nullable Throwable failure) {
    if (ended) {
      return;
    }
    ended = true;
    try {
      chain.classify(exchange, call, failure);
    } finally {
      chain.conclude(exchange);
    }
  }
}
