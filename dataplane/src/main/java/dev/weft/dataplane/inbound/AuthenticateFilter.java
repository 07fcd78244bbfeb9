package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.Verdict;

/**
 * AUTHENTICATE: a token that comes must be valid, none need come (Istio RequestAuthentication).
 * Stateless.
 */
final class AuthenticateFilter implements InboundFilter {
  @Override
  public InboundStage stage() {
    return InboundStage.AUTHENTICATE;
  }

  @Override
  public Verdict judge(InboundRequest request, CompiledInbound policy) {
    Authentication authentication = policy.authentication();
    return authentication == null ? Verdict.PROCEED : authentication.judge(request);
  }
}
