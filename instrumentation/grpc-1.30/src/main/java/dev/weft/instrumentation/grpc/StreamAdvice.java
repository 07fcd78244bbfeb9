package dev.weft.instrumentation.grpc;

import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Outcome;
import io.grpc.Status;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code ServerTransportListenerImpl.streamCreated}: no service of the application gets a call
 * without a permit. An {@link Outcome} is a refusal that is written already; no answer at all is a
 * hook that failed, and the transport resets the stream.
 */
final class StreamAdvice {
  private StreamAdvice() {}

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown)
      throws Throwable {
    if (answer == null) {
      thrown = Status.UNAVAILABLE.withDescription(Outcome.UNDECIDED).asRuntimeException();
    } else if (hook != null) {
      hook.exit(answer, null, null, thrown);
    }
  }
}
