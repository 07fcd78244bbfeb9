package dev.weft.dataplane.outbound;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls of asynchronous clients: the same filters, but waits are timers and no thread is ever
 * blocked. Thread-safe.
 */
public final class AsyncDriver {
  private final OutboundChain chain;
  private final Outcomes outcomes;
  private final MeshTimer timer;

  AsyncDriver(OutboundChain chain, Outcomes outcomes, MeshTimer timer) {
    this.chain = chain;
    this.outcomes = outcomes;
    this.timer = timer;
  }

  /**
   * The service an authority stands for, or null when the call must stay untouched. Costs one hash
   * lookup.
   */
  public @Nullable Target resolve(String scheme, String authority) {
    return chain.resolve(scheme, authority);
  }

  /**
   * Makes a call. Stages before the first attempt run on this thread.
   *
   * @return completes with the library's response, or with the library's own exception; to cancel
   *     it cancels the attempt under way
   */
  public <R> CompletableFuture<R> execute(
      Target target, OutboundRequest request, AsyncCall<R> call) {
    return new AsyncExchange<>(chain, outcomes, timer, chain.open(target, request), call).start();
  }
}
