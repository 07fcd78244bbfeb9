package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.Verdict;
import java.util.function.LongSupplier;

/** LIMIT: each rate limit that holds for a request must have a token for it; in policy's order. */
final class LimitFilter implements InboundFilter {
  private final LongSupplier nanoClock;

  LimitFilter(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  @Override
  public InboundStage stage() {
    return InboundStage.LIMIT;
  }

  @Override
  public Verdict judge(InboundRequest request, CompiledInbound policy) {
    CompiledLimit[] limits = policy.limits();
    if (limits == null) {
      return Verdict.PROCEED;
    }
    Facts facts = new Facts(request, policy.trustedProxies());
    long now = nanoClock.getAsLong();
    for (CompiledLimit limit : limits) {
      LocalReply refusal = limit.holdsFor(facts) ? limit.take(facts, now) : null;
      if (refusal != null) {
        return Verdict.reject(refusal);
      }
    }
    return Verdict.PROCEED;
  }
}
