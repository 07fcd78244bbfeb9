package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.snapshot.CompiledRoute;

/** Sets when the call has to be over: by the route's timeout or the caller's own deadline. */
final class DeadlineFilter implements OutboundFilter {
  @Override
  public OutboundStage stage() {
    return OutboundStage.DEADLINE;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    CompiledRoute route = exchange.route;
    long timeout = route == null ? 0 : route.timeoutNanos();
    long now = exchange.nowNanos;
    if (timeout > 0) {
      exchange.deadlineNanos = now + timeout;
    }
    RequestContext context = exchange.context;
    if (context != null && context.deadlineNanos() != RequestContext.NO_DEADLINE) {
      long inherited = context.deadlineNanos();
      if (timeout == 0 || inherited - exchange.deadlineNanos < 0) {
        exchange.deadlineNanos = inherited;
        exchange.deadlineInherited = true;
      }
      if (inherited - now <= 0) {
        return Verdict.reject(Rejections.timeout(exchange, OutboundStage.DEADLINE));
      }
    }
    return Verdict.PROCEED;
  }
}
