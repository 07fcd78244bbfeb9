package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.Verdict;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * CHECK: which authorizers have to be asked about a request (action CUSTOM). Whether a policy means
 * the request is decided here; a path or host that can be read in more than one way is refused as
 * soon as any of them looks at it.
 */
final class CheckFilter implements InboundFilter {
  private final Authorizers authorizers;
  private final BiConsumer<String, CheckOutcome> observer;
  private final LongSupplier nanoClock;

  CheckFilter(
      Authorizers authorizers, BiConsumer<String, CheckOutcome> observer, LongSupplier nanoClock) {
    this.authorizers = authorizers;
    this.observer = observer;
    this.nanoClock = nanoClock;
  }

  @Override
  public InboundStage stage() {
    return InboundStage.CHECK;
  }

  @Override
  public Verdict judge(InboundRequest request, CompiledInbound policy) {
    CustomPolicies custom = policy.custom();
    if (custom == null) {
      return Verdict.PROCEED;
    }
    Authentication authentication = policy.authentication();
    if (authentication != null) {
      authentication.removeOutputs(request);
    }
    Facts facts = new Facts(request, policy.trustedProxies());
    if (custom.needsPath() && facts.paths().ambiguous()) {
      return AuthorizeFilter.AMBIGUOUS_PATH;
    }
    if (custom.needsHost() && facts.ambiguousHost()) {
      return AuthorizeFilter.AMBIGUOUS_HOST;
    }
    CustomPolicies.Matched matched = custom.matching(facts);
    if (matched == null) {
      return Verdict.PROCEED;
    }
    LocalReply unknown = matched.unknown();
    return unknown == null ? Verdict.ask(matched.about(request, this)) : Verdict.reject(unknown);
  }

  Authorizers authorizers() {
    return authorizers;
  }

  /** Tells what came of asking; it fails open. */
  void tell(String provider, CheckOutcome outcome) {
    observer.accept(provider, outcome);
  }

  /** How long is left of what an authorizer may take; 0 or less when the caller has given up. */
  long left(long timeoutMillis, long deadlineNanos) {
    long allowed = timeoutMillis * 1_000_000L;
    return deadlineNanos == RequestContext.NO_DEADLINE
        ? allowed
        : Math.min(allowed, deadlineNanos - nanoClock.getAsLong());
  }
}
