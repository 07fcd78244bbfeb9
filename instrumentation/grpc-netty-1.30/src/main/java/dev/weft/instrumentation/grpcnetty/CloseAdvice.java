package dev.weft.instrumentation.grpcnetty;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** {@code NettyServer.shutdown}: its port is going to be closed. */
final class CloseAdvice {
  private CloseAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.This Object server) throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.grpcnetty.ListenHook")
        .exit(null, server, null, null);
  }
}
