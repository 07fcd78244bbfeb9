package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.snapshot.EndpointPool;

/** Bounds the calls in flight to a destination; one too many is refused at once, never queued. */
final class AdmitFilter implements OutboundFilter {
  @Override
  public OutboundStage stage() {
    return OutboundStage.ADMIT;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    Capacity bulkhead = pool == null ? null : pool.bulkhead();
    if (bulkhead == null || bulkhead.tryAcquire(0)) {
      return Verdict.PROCEED;
    }
    return Rejections.of(
        exchange,
        OutboundStage.ADMIT,
        503,
        ReplyKind.RESPONSE,
        ResponseFlag.UO,
        "upstream overflow: "
            + bulkhead.size()
            + " calls to "
            + pool
            + " are in flight already (DestinationRule connectionPool)");
  }

  @Override
  public void release(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    Capacity bulkhead = pool == null ? null : pool.bulkhead();
    if (bulkhead != null) {
      bulkhead.release();
    }
  }
}
