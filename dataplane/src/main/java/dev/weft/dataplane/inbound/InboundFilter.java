package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.Verdict;

/** One stage's decision. Never blocks, never calls the next; a throwable of it denies. */
interface InboundFilter {
  Verdict judge(InboundRequest request, CompiledInbound policy);
}
