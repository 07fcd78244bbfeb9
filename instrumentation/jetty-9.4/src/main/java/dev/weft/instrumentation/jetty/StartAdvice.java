package dev.weft.instrumentation.jetty;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.AbstractNetworkConnector;

/**
 * On {@code AbstractNetworkConnector.doStart}: says that a connector listens, once the agent is
 * there.
 */
final class StartAdvice {
  private StartAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> owner, @Advice.This AbstractNetworkConnector connector)
      throws Throwable {
    Hooks.findOrLater(owner, "dev.weft.instrumentation.jetty.PortHook")
        .enter(connector, null, null, null);
  }
}
