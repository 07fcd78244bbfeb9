package dev.weft.instrumentation.httpserver;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** On {@code ServerImpl.addEvent}: an exchange of the server is over. */
final class ConclusionAdvice {
  private ConclusionAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.Argument(0) Object event)
      throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.httpserver.ConclusionHook")
        .enter(event, null, null, null);
  }
}
