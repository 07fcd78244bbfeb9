package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.snapshot.EndpointPool;

/** Gives the attempt its time: the per try timeout, but never more than the deadline leaves. */
final class TimeoutFilter implements OutboundFilter {
  @Override
  public OutboundStage stage() {
    return OutboundStage.TIMEOUT;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    Attempt attempt = exchange.attempt;
    EndpointPool pool = exchange.pool;
    if (attempt == null || pool == null) {
      return Verdict.PROCEED;
    }
    long now = exchange.nowNanos;
    long allowed = exchange.retry.perTryNanos();
    if (exchange.deadlineNanos != RequestContext.NO_DEADLINE) {
      long left = exchange.deadlineNanos - now;
      if (left <= 0) {
        return Verdict.reject(Rejections.timeout(exchange, OutboundStage.DEADLINE));
      }
      allowed = allowed == 0 ? left : Math.min(allowed, left);
    }
    attempt.limit(now, allowed, pool.policy().connectionPool.connectTimeoutMillis);
    return Verdict.PROCEED;
  }
}
