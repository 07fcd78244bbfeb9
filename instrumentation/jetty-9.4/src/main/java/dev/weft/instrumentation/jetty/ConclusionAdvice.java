package dev.weft.instrumentation.jetty;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.HttpChannel;

/** On {@code HttpChannel.onCompleted}: the request is over, synchronous or asynchronous. */
final class ConclusionAdvice {
  private ConclusionAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.This HttpChannel channel)
      throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.jetty.ConclusionHook")
        .enter(channel, null, null, null);
  }
}
