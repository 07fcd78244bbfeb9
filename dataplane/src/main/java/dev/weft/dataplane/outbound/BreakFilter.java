package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.resilience.EndpointState;
import dev.weft.dataplane.snapshot.CompiledEndpoint;

/** Asks the endpoint's circuit breaker; one that is half open lets a single call probe. */
final class BreakFilter implements OutboundFilter {
  @Override
  public OutboundStage stage() {
    return OutboundStage.BREAK;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    Attempt attempt = exchange.attempt;
    if (attempt == null || exchange.level >= OutboundExchange.UNTRIED) {
      // Panic: balancing chose to disregard ejections.
      return Verdict.PROCEED;
    }
    CompiledEndpoint endpoint = attempt.compiled();
    int permission = endpoint.state().tryAcquire(exchange.nowNanos);
    if (permission == EndpointState.REFUSED) {
      return Verdict.ELSEWHERE;
    }
    exchange.probing = permission == EndpointState.PROBE;
    return Verdict.PROCEED;
  }

  @Override
  public void release(OutboundExchange exchange) {
    // CLASSIFY takes the probe's outcome and clears the mark; what is left was never sent.
    Attempt attempt = exchange.attempt;
    if (exchange.probing && attempt != null) {
      exchange.probing = false;
      attempt.compiled().state().releaseProbe();
    }
  }
}
