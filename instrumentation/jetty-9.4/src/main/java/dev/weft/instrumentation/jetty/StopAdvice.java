package dev.weft.instrumentation.jetty;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.AbstractNetworkConnector;

/** On {@code AbstractNetworkConnector.doStop}: says that a connector is about to stop. */
final class StopAdvice {
  private StopAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.This AbstractNetworkConnector connector)
      throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.jetty.PortHook")
        .exit(null, connector, null, null);
  }
}
