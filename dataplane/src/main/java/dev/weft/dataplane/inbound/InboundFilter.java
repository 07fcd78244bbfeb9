package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.Verdict;

/** One stage's decision. Never blocks, never calls the next; a throwable of it denies. */
interface InboundFilter {
  Verdict judge(InboundRequest request, CompiledInbound policy);

  /** Where it stands among the others. */
  default InboundStage stage() {
    return InboundStage.AUTHORIZE;
  }
}
