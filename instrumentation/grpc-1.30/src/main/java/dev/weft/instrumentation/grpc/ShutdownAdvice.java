package dev.weft.instrumentation.grpc;

import dev.weft.bootstrap.Hooks;
import io.grpc.LoadBalancer;
import net.bytebuddy.asm.Advice;

/** {@code AutoConfiguredLoadBalancer.shutdown}: the channel becomes idle, or ends. */
final class ShutdownAdvice {
  private ShutdownAdvice() {}

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner, @Advice.FieldValue("helper") LoadBalancer.Helper helper)
      throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.grpc.BalancerHook").exit(null, helper, null, null);
  }
}
