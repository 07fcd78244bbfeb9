package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.snapshot.EndpointPool;
import io.github.resilience4j.bulkhead.Bulkhead;

/** Bounds the calls in flight to a destination; one too many is refused at once, never queued. */
final class AdmitFilter implements OutboundFilter {
  @Override
  public OutboundStage stage() {
    return OutboundStage.ADMIT;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    Bulkhead bulkhead = pool == null ? null : pool.bulkhead();
    if (bulkhead == null || acquired(bulkhead)) {
      return Verdict.PROCEED;
    }
    return Rejections.of(
        exchange,
        OutboundStage.ADMIT,
        503,
        ReplyKind.RESPONSE,
        ResponseFlag.UO,
        "upstream overflow: "
            + bulkhead.getBulkheadConfig().getMaxConcurrentCalls()
            + " calls to "
            + pool
            + " are in flight already (DestinationRule connectionPool)");
  }

  /** The semaphore inside refuses an interrupted thread even when there is room. */
  private static boolean acquired(Bulkhead bulkhead) {
    if (bulkhead.tryAcquirePermission()) {
      return true;
    }
    if (!Thread.interrupted()) {
      return false;
    }
    try {
      return bulkhead.tryAcquirePermission();
    } finally {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void release(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    Bulkhead bulkhead = pool == null ? null : pool.bulkhead();
    if (bulkhead != null) {
      bulkhead.onComplete();
    }
  }
}
