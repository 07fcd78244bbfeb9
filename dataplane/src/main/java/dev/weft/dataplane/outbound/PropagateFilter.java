package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.telemetry.TraceContext;

/**
 * Writes the trace context, what is left of the deadline, of a retry that it is one, and of the
 * last request of a connection that it is that, into the request of this attempt.
 */
final class PropagateFilter implements OutboundFilter {
  private static final String TRACEPARENT = "traceparent";
  private static final String TRACESTATE = "tracestate";

  /** What becomes of such a connection is no request of HTTP any more. */
  private static final String UPGRADE = "upgrade";

  private final GuardedObserver observer;

  PropagateFilter(GuardedObserver observer) {
    this.observer = observer;
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.PROPAGATE;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    Attempt attempt = exchange.sending();
    if (exchange.hedge) {
      observer.hedging(exchange);
    }
    observer.attempting(exchange, attempt);
    OutboundRequest request = exchange.request();
    TraceContext trace = exchange.trace();
    if (trace == null && request.header(TRACEPARENT) == null) {
      // Nobody traces here: the trace of the request being served goes through as it came. None is
      // begun, since one that is not sampled would forbid those further on to begin theirs.
      trace = exchange.served;
    }
    if (trace != null) {
      request.setHeader(TRACEPARENT, trace.header());
      String state = trace.state();
      if (state != null) {
        request.setHeader(TRACESTATE, state);
      }
    }
    if (attempt.timeoutNanos() > 0) {
      request.setHeader(RequestContext.DEADLINE_HEADER, Long.toString(attempt.timeoutMillis()));
    }
    int attempts = exchange.attempts + (exchange.isPartOfRetry() ? 1 : 0);
    if (attempts > 1) {
      request.setHeader(RequestContext.ATTEMPT_HEADER, Integer.toString(attempts));
    }
    if (attempt.lastOnConnection() && request.ownsConnection() && request.header(UPGRADE) == null) {
      request.setHeader("connection", "close");
    }
    return Verdict.PROCEED;
  }
}
