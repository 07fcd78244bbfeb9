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
    if (fault.abortStatus > 0 && chosen(fault.abortPercent)) {
      exchange.flag(ResponseFlag.FI);
      LocalReply abort =
          Rejections.reply(
              exchange,
              OutboundStage.FAULT,
              fault.abortStatus,
              ReplyKind.RESPONSE,
              ResponseFlag.FI,
              "fault filter abort");
      return Verdict.delayThenReject(delay, abort);
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

  private boolean chosen(double percent) {
    return percent >= 100 || (percent > 0 && random.nextDouble() * 100 < percent);
  }
}
