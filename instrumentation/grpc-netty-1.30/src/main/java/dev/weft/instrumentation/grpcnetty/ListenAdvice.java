package dev.weft.instrumentation.grpcnetty;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/** {@code NettyServer.start}: its port is open. */
final class ListenAdvice {
  private ListenAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.This Object server,
      @Advice.FieldValue("protocolNegotiator") Object negotiator)
      throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.grpcnetty.ListenHook")
        .enter(server, negotiator, null, null);
  }
}
