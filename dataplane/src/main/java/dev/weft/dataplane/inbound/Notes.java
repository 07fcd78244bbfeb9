package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import org.jspecify.annotations.Nullable;

/** AUDIT and dry runs, which note and decide nothing: a failure here must refuse nothing either. */
final class Notes {
  private static final AuthorizeFilter TRIAL = new AuthorizeFilter();

  private Notes() {}

  /** Notes in an exchange that is decided which policies of that kind mean its request. */
  static void take(InboundExchange exchange, CompiledInbound now) {
    LocalReply rejection = exchange.rejection();
    if (rejection != null && isBeforeAuthorize(rejection.stage())) {
      // As in Istio AUDIT comes just before DENY and ALLOW: who is sent away earlier is not seen.
      return;
    }
    Facts facts = new Facts(exchange.request(), now.trustedProxies());
    for (PolicyMatcher each : now.audit()) {
      if (each.matches(facts)) {
        exchange.audited(each.name());
      }
    }
    CompiledInbound trial = now.trial();
    if (trial != null && rejection == null) {
      exchange.tried(trial(exchange.request(), facts, now, trial));
    }
  }

  private static boolean isBeforeAuthorize(String stage) {
    return InboundStage.valueOf(stage).compareTo(InboundStage.AUTHORIZE) < 0;
  }

  /** How a request would be refused, or who would be asked about it, if no policy were on trial. */
  private static @Nullable LocalReply trial(
      InboundRequest request, Facts facts, CompiledInbound now, CompiledInbound trial) {
    for (PolicyMatcher each : now.customTrial()) {
      if (each.matches(facts)) {
        return LocalReply.of(
            403,
            ReplyKind.RESPONSE,
            ResponseFlag.UAEX,
            InboundStage.CHECK.name(),
            each.name(),
            "an authorizer would be asked");
      }
    }
    return TRIAL.judge(request, trial).reply();
  }
}
