package dev.weft.dataplane.filter;

import org.jspecify.annotations.Nullable;

/** What a stage has to ask elsewhere before it can decide. For one request, asked once. */
public interface Question {
  /**
   * Asks, and waits for the answer on this thread, for a bounded time.
   *
   * @param deadlineNanos when the caller gives up, on the data plane's clock; {@link
   *     RequestContext#NO_DEADLINE} when nobody knows
   * @return the reply that ends the exchange, null when it goes on; what is thrown refuses
   */
  @Nullable LocalReply ask(long deadlineNanos);
}
