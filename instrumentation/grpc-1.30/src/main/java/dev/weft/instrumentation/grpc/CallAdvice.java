package dev.weft.instrumentation.grpc;

import dev.weft.bootstrap.Outcome;
import io.grpc.ClientCall;
import io.grpc.Status;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code RealChannel.newCall}: below the interceptors of the application, above gRPC's own work.
 */
final class CallAdvice {
  private CallAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) ClientCall<?, ?> result) {
    if (permit == null) {
      result = (ClientCall<?, ?>) Outcome.value(outcome);
      if (result == null) {
        throw Status.UNAVAILABLE.withCause(Outcome.failure(outcome)).asRuntimeException();
      }
    }
  }
}
