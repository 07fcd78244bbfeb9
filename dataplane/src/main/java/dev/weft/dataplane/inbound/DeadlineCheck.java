package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.ResponseFlag;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * DEADLINE: refuses what the caller no longer waits for. The deadline came as a length of time and
 * was put on this process's clock on arrival (EXTRACT), so that no other machine's clock counts.
 * Stateless.
 */
final class DeadlineCheck {
  private static final LocalReply PASSED =
      LocalReply.of(
              504,
              ReplyKind.RESPONSE,
              ResponseFlag.DT,
              InboundStage.DEADLINE.name(),
              "",
              "the caller's deadline passed before the request reached the application")
          .withGrpcStatus(LocalReply.GRPC_DEADLINE_EXCEEDED);

  private DeadlineCheck() {}

  /** The refusal; null when the caller still waits or named no deadline. */
  static @Nullable LocalReply judge(long deadlineNanos, LongSupplier nanoClock) {
    return deadlineNanos == RequestContext.NO_DEADLINE || deadlineNanos - nanoClock.getAsLong() > 0
        ? null
        : PASSED;
  }
}
