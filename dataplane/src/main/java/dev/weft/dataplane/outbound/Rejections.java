package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;

/** Words the refusals of the outbound side, in one place. */
final class Rejections {
  private Rejections() {}

  static Verdict of(
      OutboundExchange exchange,
      OutboundStage stage,
      int status,
      ReplyKind kind,
      ResponseFlag flag,
      String reason) {
    exchange.flag(flag);
    return Verdict.reject(reply(exchange, stage, status, kind, flag, reason));
  }

  static LocalReply reply(
      OutboundExchange exchange,
      OutboundStage stage,
      int status,
      ReplyKind kind,
      ResponseFlag flag,
      String reason) {
    String policy = exchange.route == null ? "" : exchange.route.name();
    return LocalReply.of(status, kind, flag, stage.name(), policy, reason);
  }

  /** The reply as the method of the request lets it be. */
  static LocalReply asAsked(OutboundExchange exchange, LocalReply reply) {
    return exchange.request().method().equals("HEAD") ? reply.headOnly() : reply;
  }

  /** 504 as a sidecar gives it when the time of a call or an attempt is over. */
  static LocalReply timeout(OutboundExchange exchange, OutboundStage stage) {
    boolean inherited = exchange.deadlineInherited && stage == OutboundStage.DEADLINE;
    ResponseFlag flag = inherited ? ResponseFlag.DT : ResponseFlag.UT;
    exchange.flag(flag);
    String reason =
        inherited
            ? "deadline of the caller passed before " + exchange.host() + " answered"
            : "upstream request timeout: " + exchange.host() + " did not answer in time";
    LocalReply reply = reply(exchange, stage, 504, ReplyKind.TIMEOUT, flag, reason);
    return inherited ? reply.withGrpcStatus(LocalReply.GRPC_DEADLINE_EXCEEDED) : reply;
  }
}
