package dev.weft.instrumentation.grpc;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code RealChannel.newCall}: below the interceptors of the application, above gRPC's own work.
 */
final class CallAdvice {
  private CallAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(0) MethodDescriptor<?, ?> method,
      @Advice.Argument(1) CallOptions options,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.grpc.CallHook")
            .enter(self, method, options, null);
    return Permit.orNull(outcome);
  }

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
