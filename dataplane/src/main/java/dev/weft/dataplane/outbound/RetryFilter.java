package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.resilience.AttemptCost;
import dev.weft.dataplane.snapshot.CompiledRetry;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.policy.snapshot.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Opens the loop of attempts and decides after each whether another is worth it: the words of the
 * policy must ask for it, the request must be replayable, the deadline must leave room, and the
 * budget of the destination must allow it.
 */
final class RetryFilter implements OutboundFilter {
  /** Envoy's ceiling: ten times the base interval. */
  private static final int BACKOFF_CEILING = 10;

  private final RandomSource random;
  private final GuardedObserver observer;

  RetryFilter(RandomSource random, GuardedObserver observer) {
    this.random = random;
    this.observer = observer;
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.RETRY;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    if (pool != null) {
      pool.state()
          .budget()
          .request(pool.policy().retryBudget, exchange.isPartOfRetry(), exchange.nowNanos);
    }
    return Verdict.PROCEED;
  }

  @Override
  public void release(OutboundExchange exchange) {
    giveBack(exchange);
  }

  /** {@link Verdict#again} or {@link Verdict#PROCEED} to conclude with what there is. */
  Verdict next(OutboundExchange exchange) {
    giveBack(exchange);
    EndpointPool pool = exchange.pool;
    CompiledRetry retry = exchange.retry;
    if (pool == null || retry.attempts() == 0 || !wanted(exchange, retry)) {
      return Verdict.PROCEED;
    }
    AttemptCost cost = cost(exchange.failureKind);
    if (exchange.overloaded && exchange.failureKind == null) {
      // The hop next to the failure has repeated what is worth it.
      exchange.flag(ResponseFlag.UO);
      giveUp(exchange, cost);
      return Verdict.PROCEED;
    }
    if (cost == AttemptCost.WORK) {
      pool.state().budget().failedAtWork(exchange.nowNanos);
    }
    if (exchange.attempts > retry.attempts()) {
      exchange.flag(ResponseFlag.URX);
      giveUp(exchange, cost);
      return Verdict.PROCEED;
    }
    if (!exchange.request().replayable()) {
      return Verdict.PROCEED;
    }
    long backoff = backoff(retry, exchange.attempts);
    boolean late =
        exchange.deadlineNanos != RequestContext.NO_DEADLINE
            && exchange.nowNanos + backoff - exchange.deadlineNanos >= 0;
    if (late) {
      return Verdict.PROCEED;
    }
    TrafficPolicy policy = pool.policy();
    int most = policy.connectionPool.maxRetries;
    // A hop further up has this very work repeated already: retries of retries multiply.
    boolean repeated = cost == AttemptCost.WORK && exchange.isPartOfRetry();
    if (repeated
        || !pool.state().budget().tryRetry(policy.retryBudget, most, cost, exchange.nowNanos)) {
      exchange.flag(ResponseFlag.UO);
      giveUp(exchange, cost);
      return Verdict.PROCEED;
    }
    exchange.retrying = true;
    Attempt last = exchange.attempt;
    if (last != null && retry.ignorePreviousHosts()) {
      exchange.exclude(last.compiled());
    }
    if (last != null && retry.remoteLocalities()) {
      leave(exchange, pool.tierOf(last.compiled()));
    }
    observer.retrying(exchange);
    return Verdict.again(backoff);
  }

  /** Whether the budget has room for an attempt beside another; {@link #closed} gives it back. */
  boolean admitHedge(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    if (pool == null || exchange.isPartOfRetry()) {
      return false;
    }
    TrafficPolicy policy = pool.policy();
    int most = policy.connectionPool.maxRetries;
    return pool.state()
        .budget()
        .tryRetry(policy.retryBudget, most, AttemptCost.WORK, exchange.nowNanos);
  }

  /** Whether another attempt would be wanted after this outcome, were there room for it. */
  static boolean wantsAnother(OutboundExchange exchange) {
    return exchange.retry.attempts() > 0 && wanted(exchange, exchange.retry);
  }

  /** Takes note of an attempt that does not decide on its call, beside one that may. */
  static void closed(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    boolean failed = wantsAnother(exchange) && cost(exchange.failureKind) == AttemptCost.WORK;
    if (pool != null && failed) {
      pool.state().budget().failedAtWork(exchange.nowNanos);
    }
    giveBack(exchange);
  }

  /** As Istio sets Envoy's previous_priorities up: each second attempt leaves those tried. */
  private static void leave(OutboundExchange exchange, int tier) {
    if (tier < Long.SIZE) {
      exchange.triedTiers |= 1L << tier;
    }
    if (exchange.attempts % 2 == 0) {
      exchange.leftTiers = exchange.triedTiers;
    }
  }

  private static void giveBack(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    if (exchange.retrying && pool != null) {
      exchange.retrying = false;
      pool.state().budget().finished();
    }
  }

  /**
   * What found no callee is left out: that may be this instance's own trouble, and another one of
   * its service find the callee well.
   */
  private static void giveUp(OutboundExchange exchange, AttemptCost cost) {
    RequestContext context = exchange.context;
    if (context != null && cost == AttemptCost.WORK) {
      context.giveUp();
    }
  }

  private static AttemptCost cost(@Nullable FailureKind kind) {
    if (kind == null || kind == FailureKind.TIMEOUT) {
      return AttemptCost.WORK;
    }
    return kind == FailureKind.CONNECT ? AttemptCost.NONE : AttemptCost.UNKNOWN;
  }

  /** Full jitter: anything up to base * 2^n, at most ten times the base. */
  private long backoff(CompiledRetry retry, int attempts) {
    long base = retry.backoffNanos();
    int doublings = Math.min(attempts - 1, 4);
    long ceiling = Math.min(base << doublings, base * BACKOFF_CEILING);
    return (long) (random.nextDouble() * ceiling);
  }

  private static boolean wanted(OutboundExchange exchange, CompiledRetry retry) {
    FailureKind kind = exchange.failureKind;
    if (kind == null) {
      String grpc = exchange.grpcStatus;
      return retry.retriesStatus(exchange.status)
          || exchange.rateLimited
          || (grpc != null && retry.retriesGrpc(grpc));
    }
    boolean anyFailure =
        retry.has(CompiledRetry.RESET)
            || retry.has(CompiledRetry.FIVE_XX)
            || retry.has(CompiledRetry.GATEWAY_ERROR);
    boolean repeatable =
        retry.has(CompiledRetry.IDEMPOTENT_RESET) && exchange.request().idempotent();
    Attempt attempt = exchange.attempt;
    switch (kind) {
      case CONNECT:
      case IDENTITY_REFUSED:
        // To a sidecar a failed handshake is a failed connection: the callee never saw a request.
        return anyFailure
            || repeatable
            || retry.has(CompiledRetry.CONNECT_FAILURE | CompiledRetry.RESET_BEFORE_REQUEST);
      case REFUSED_STREAM:
        return anyFailure
            || repeatable
            || retry.has(CompiledRetry.REFUSED_STREAM | CompiledRetry.RESET_BEFORE_REQUEST);
      case RESET:
        return anyFailure || repeatable;
      case TIMEOUT:
        // Only the per try timeout is a reason; the application's own timeout is its own wish.
        return attempt != null && attempt.expired() && anyFailure;
      default:
        return false;
    }
  }
}
