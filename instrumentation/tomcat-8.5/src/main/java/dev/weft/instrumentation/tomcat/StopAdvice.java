package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.net.AbstractEndpoint;

/** On {@code stopInternal} of both endpoints: says that a connector is about to stop. */
final class StopAdvice {
  private StopAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.This AbstractEndpoint<?> endpoint)
      throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.tomcat.PortHook")
        .exit(null, endpoint, null, null);
  }
}
