package dev.weft.instrumentation.grpc;

import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import io.grpc.Metadata;
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

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("transport") Object transport,
      @Advice.Argument(0) Object stream,
      @Advice.Argument(1) String method,
      @Advice.Argument(2) Metadata headers,
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer)
      throws Throwable {
    hook = Hooks.find(owner, "dev.weft.instrumentation.grpc.StreamHook");
    answer = hook.enter(transport, stream, method, headers);
    return answer instanceof Outcome ? null : answer;
  }

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
