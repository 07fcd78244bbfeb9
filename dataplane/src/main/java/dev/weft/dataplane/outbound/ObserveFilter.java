package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.Verdict;

/** Tells the observer that a call begins. */
final class ObserveFilter implements OutboundFilter {
  private final GuardedObserver observer;

  ObserveFilter(GuardedObserver observer) {
    this.observer = observer;
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.OBSERVE;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    observer.started(exchange);
    return Verdict.PROCEED;
  }
}
