package dev.weft.instrumentation.grpc;

import dev.weft.bootstrap.Hooks;
import io.grpc.Context;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code ContextRunnable.run}: gRPC calls the application, within the context of a call. */
final class RunAdvice {
  private RunAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner, @Advice.FieldValue("context") Context context)
      throws Throwable {
    return Hooks.find(owner, "dev.weft.instrumentation.grpc.RunHook")
        .enter(null, context, null, null);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.Enter @Nullable Object before)
      throws Throwable {
    if (before != null) {
      Hooks.find(owner, "dev.weft.instrumentation.grpc.RunHook").exit(before, null, null, null);
    }
  }
}
