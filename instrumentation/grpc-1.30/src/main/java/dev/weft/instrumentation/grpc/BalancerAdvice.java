package dev.weft.instrumentation.grpc;

import dev.weft.bootstrap.Hooks;
import io.grpc.LoadBalancer;
import net.bytebuddy.asm.Advice;

/**
 * {@code AutoConfiguredLoadBalancerFactory.newLoadBalancer}: a channel leaves idleness. A channel
 * whose balancer is not ours makes no call into the mesh, so failing here does not admit any.
 */
final class BalancerAdvice {
  private BalancerAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(value = 0, readOnly = false) LoadBalancer.Helper helper)
      throws Throwable {
    Object ours =
        Hooks.find(owner, "dev.weft.instrumentation.grpc.BalancerHook")
            .enter(null, helper, null, null);
    if (ours instanceof LoadBalancer.Helper) {
      helper = (LoadBalancer.Helper) ours;
    }
  }
}
