package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.net.NioEndpoint;

/** On {@code NioEndpoint.stopInternal}: says that a connector is about to stop. */
final class StopAdvice {
  private StopAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.This NioEndpoint endpoint)
      throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.tomcat.PortHook")
        .exit(null, endpoint, null, null);
  }
}
