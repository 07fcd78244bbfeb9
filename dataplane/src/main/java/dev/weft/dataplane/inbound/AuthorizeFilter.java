package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;

/**
 * AUTHORIZE, to Istio's letter: a DENY that matches refuses; then, where any ALLOW exists, one must
 * match; AUDIT decides nothing. A path that readers may disagree about is refused as soon as any
 * rule looks at paths, and so is a second or damaged Host header when any looks at hosts.
 * Stateless.
 */
final class AuthorizeFilter implements InboundFilter {
  /** The body that a sidecar answers with. */
  static final String DENIED = "RBAC: access denied";

  static final Verdict AMBIGUOUS_PATH =
      refuse(400, "ambiguous-path", "the path can be read in more than one way");
  static final Verdict AMBIGUOUS_HOST =
      refuse(400, "ambiguous-host", "not exactly one Host header with a host in it");
  private static final Verdict NOTHING_ALLOWS = refuse(403, "no-allow-matched", DENIED);

  @Override
  public Verdict judge(InboundRequest request, CompiledInbound policy) {
    if (policy.letsAllIn()) {
      return Verdict.PROCEED;
    }
    Facts facts = new Facts(request, policy.trustedProxies());
    if (policy.needsPath() && facts.paths().ambiguous()) {
      return AMBIGUOUS_PATH;
    }
    if (policy.needsHost() && facts.ambiguousHost()) {
      return AMBIGUOUS_HOST;
    }
    for (PolicyMatcher each : policy.deny()) {
      if (each.matches(facts)) {
        return refuse(403, each.name(), DENIED);
      }
    }
    if (policy.allow().length == 0) {
      return Verdict.PROCEED;
    }
    for (PolicyMatcher each : policy.allow()) {
      if (each.matches(facts)) {
        return Verdict.PROCEED;
      }
    }
    return NOTHING_ALLOWS;
  }

  private static Verdict refuse(int status, String policy, String reason) {
    return Verdict.reject(
        LocalReply.of(
            status,
            ReplyKind.RESPONSE,
            ResponseFlag.UAEX,
            InboundStage.AUTHORIZE.name(),
            policy,
            reason));
  }
}
