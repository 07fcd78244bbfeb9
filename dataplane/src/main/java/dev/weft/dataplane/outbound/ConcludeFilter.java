package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.Verdict;

/** Tells the observer that the call is over; what filters took has been given back by then. */
final class ConcludeFilter implements OutboundFilter {
  private final GuardedObserver observer;

  ConcludeFilter(GuardedObserver observer) {
    this.observer = observer;
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.CONCLUDE;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    observer.ended(exchange);
    return Verdict.PROCEED;
  }
}
