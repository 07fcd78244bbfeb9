package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.Verdict;

/**
 * One stage of a call. Decides on the exchange and says so; never blocks, never calls the next. One
 * instance serves all calls, so it keeps nothing of them. Thread-safe.
 */
interface OutboundFilter {
  /** The stage it stands for. */
  OutboundStage stage();

  /** Decides. */
  Verdict apply(OutboundExchange exchange);

  /**
   * Gives back what {@link #apply} took, once, when the call or the attempt it let pass is over.
   */
  default void release(OutboundExchange exchange) {}
}
