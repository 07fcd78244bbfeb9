package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.policy.snapshot.MtlsMode;

/** IDENTIFY: under STRICT a request without a proven peer goes no further. Stateless. */
final class IdentifyFilter implements InboundFilter {
  private static final Verdict PLAINTEXT =
      Verdict.reject(
          LocalReply.of(
              403,
              ReplyKind.IDENTITY_REFUSED,
              ResponseFlag.UAEX,
              InboundStage.IDENTIFY.name(),
              "STRICT",
              "mTLS required: this service accepts mesh peers only (PeerAuthentication STRICT)"));

  @Override
  public InboundStage stage() {
    return InboundStage.IDENTIFY;
  }

  @Override
  public Verdict judge(InboundRequest request, CompiledInbound policy) {
    return request.peer() == null && policy.mode(request.localPort()) == MtlsMode.STRICT
        ? PLAINTEXT
        : Verdict.PROCEED;
  }
}
