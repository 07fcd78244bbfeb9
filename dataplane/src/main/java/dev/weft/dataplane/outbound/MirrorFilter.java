package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.snapshot.CompiledRetry;
import dev.weft.dataplane.snapshot.EndpointPool;

/** ROUTE of a copy: the route of the request has named its destination. */
final class MirrorFilter implements OutboundFilter {
  @Override
  public OutboundStage stage() {
    return OutboundStage.ROUTE;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    EndpointPool pool = ((ConnectionRequest) exchange.request()).pool();
    if (exchange.left || pool == null) {
      return Rejections.of(
          exchange,
          OutboundStage.ROUTE,
          503,
          ReplyKind.UNKNOWN_HOST,
          ResponseFlag.NC,
          "service " + exchange.host() + " has left the mesh since the request was copied");
    }
    exchange.pool = pool;
    exchange.retry = CompiledRetry.none();
    return Verdict.PROCEED;
  }
}
