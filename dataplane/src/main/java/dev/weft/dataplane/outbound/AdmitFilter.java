package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.snapshot.EndpointPool;

/**
 * Bounds the calls in flight to a destination. One beyond maxConnections waits in line, if it would
 * have a connection to itself and the line has room; one beyond http2MaxRequests is refused at
 * once.
 */
final class AdmitFilter implements OutboundFilter {
  @Override
  public OutboundStage stage() {
    return OutboundStage.ADMIT;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    if (pool == null || exchange.givenUp) {
      return Verdict.PROCEED;
    }
    Capacity connections = pool.connections();
    if (connections != null && exchange.request().ownsConnection()) {
      Verdict verdict = connect(exchange, connections, pool);
      if (!verdict.proceeds()) {
        return verdict;
      }
    }
    Capacity bulkhead = pool.bulkhead();
    if (bulkhead != null) {
      if (!bulkhead.tryAcquire()) {
        giveBack(exchange);
        return overflow(exchange, bulkhead.size() + " calls to " + pool + " are in flight already");
      }
      exchange.bulkhead = bulkhead;
    }
    return Verdict.PROCEED;
  }

  private static Verdict connect(
      OutboundExchange exchange, Capacity connections, EndpointPool pool) {
    Capacity.Place place = exchange.place;
    if (place == null) {
      if (connections.tryAcquire()) {
        exchange.connections = connections;
        return Verdict.PROCEED;
      }
      place = connections.queue();
      if (place == null) {
        return overflow(exchange, full(connections, pool));
      }
      exchange.place = place;
      if (!place.isHeld()) {
        return Verdict.queue(left(exchange));
      }
    }
    return place.isHeld() ? Verdict.PROCEED : waitedLong(exchange, pool);
  }

  private static Verdict waitedLong(OutboundExchange exchange, EndpointPool pool) {
    if (left(exchange) <= 0) {
      return Verdict.reject(Rejections.timeout(exchange, OutboundStage.DEADLINE));
    }
    return Rejections.of(
        exchange,
        OutboundStage.ADMIT,
        504,
        ReplyKind.TIMEOUT,
        ResponseFlag.UT,
        "no place for a call to "
            + pool
            + " within the time that the application waits (DestinationRule connectionPool)");
  }

  private static long left(OutboundExchange exchange) {
    return exchange.deadlineNanos == RequestContext.NO_DEADLINE
        ? Long.MAX_VALUE
        : exchange.deadlineNanos - exchange.nowNanos;
  }

  private static String full(Capacity connections, EndpointPool pool) {
    return connections.size()
        + " calls to "
        + pool
        + " are in flight already"
        + (connections.mostWaiting() == 0
            ? ""
            : ", and " + connections.mostWaiting() + " wait for a place");
  }

  private static Verdict overflow(OutboundExchange exchange, String what) {
    return Rejections.of(
        exchange,
        OutboundStage.ADMIT,
        503,
        ReplyKind.RESPONSE,
        ResponseFlag.UO,
        "upstream overflow: " + what + " (DestinationRule connectionPool)");
  }

  @Override
  public void release(OutboundExchange exchange) {
    giveBack(exchange);
  }

  /** Gives back what the call holds or waits for, whether the stage has let it pass or not. */
  static void giveBack(OutboundExchange exchange) {
    Capacity bulkhead = exchange.bulkhead;
    if (bulkhead != null) {
      exchange.bulkhead = null;
      bulkhead.release();
    }
    Capacity connections = exchange.connections;
    if (connections != null) {
      exchange.connections = null;
      connections.release();
    }
    Capacity.Place place = exchange.place;
    if (place != null) {
      place.leave();
    }
  }
}
