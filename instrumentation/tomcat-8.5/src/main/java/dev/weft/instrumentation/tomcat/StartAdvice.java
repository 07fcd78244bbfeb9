package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.net.AbstractEndpoint;

/**
 * On {@code startInternal} of both endpoints, and on {@code Nio2Endpoint.setSocketOptions}, because
 * nothing runs in an idle one: says that a connector listens.
 */
final class StartAdvice {
  private StartAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This AbstractEndpoint<?> endpoint)
      throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.tomcat.PortHook")
        .enter(endpoint, null, null, null);
  }
}
