package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.net.NioEndpoint;

/** On {@code NioEndpoint.startInternal}: says that a connector listens. */
final class StartAdvice {
  private StartAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This NioEndpoint endpoint)
      throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.tomcat.PortHook")
        .enter(endpoint, null, null, null);
  }
}
