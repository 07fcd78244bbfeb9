package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.policy.snapshot.Fault;

/** Injects delays and aborts, each for its own share of requests (Istio HTTPFaultInjection). */
final class FaultFilter implements OutboundFilter {
  private final RandomSource random;

  FaultFilter(RandomSource random) {
    this.random = random;
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.FAULT;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    Fault fault = exchange.route == null ? null : exchange.route.fault();
    if (fault == null) {
      return Verdict.PROCEED;
    }
    long delay = 0;
    if (fault.delayMillis > 0 && chosen(fault.delayPercent)) {
      delay = fault.delayMillis * 1_000_000;
      exchange.flag(ResponseFlag.DI);
    }
    boolean aborts = fault.abortStatus > 0 || fault.abortGrpcStatus >= 0;
    if (aborts && chosen(fault.abortPercent)) {
      exchange.flag(ResponseFlag.FI);
      return Verdict.delayThenReject(delay, abort(exchange, fault));
    }
    if (exchange.pool == null) {
      return Rejections.of(
          exchange,
          OutboundStage.FAULT,
          503,
          ReplyKind.RESPONSE,
          ResponseFlag.NC,
          "the route only injects a fault, and this request was spared");
    }
    return Verdict.delay(delay);
  }

  /** As a sidecar's: with a status of gRPC the response is 200, which is what other clients get. */
  private static LocalReply abort(OutboundExchange exchange, Fault fault) {
    LocalReply reply =
        Rejections.reply(
            exchange,
            OutboundStage.FAULT,
            fault.abortStatus > 0 ? fault.abortStatus : 200,
            ReplyKind.RESPONSE,
            ResponseFlag.FI,
            "fault filter abort");
    return fault.abortStatus > 0 ? reply : reply.withGrpcStatus(fault.abortGrpcStatus);
  }

  private boolean chosen(double percent) {
    return percent >= 100 || (percent > 0 && random.nextDouble() * 100 < percent);
  }
}
