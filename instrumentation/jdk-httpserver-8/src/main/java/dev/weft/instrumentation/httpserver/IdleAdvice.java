package dev.weft.instrumentation.httpserver;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/**
 * On the server's own look for idle connections, every ten seconds: finds the servers that listened
 * before the agent came.
 */
final class IdleAdvice {
  private IdleAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner, @Advice.FieldValue(value = "this$0") Object server)
      throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.httpserver.PortHook")
        .enter(server, null, null, null);
  }
}
