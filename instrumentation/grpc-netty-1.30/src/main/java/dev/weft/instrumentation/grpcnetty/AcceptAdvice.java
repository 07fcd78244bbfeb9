package dev.weft.instrumentation.grpcnetty;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;

/**
 * {@code NettyServerTransport.start}, which gives a connection its handlers. Without our own among
 * them it is taken for plaintext, and the gate decides on that.
 */
final class AcceptAdvice {
  private AcceptAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object transport,
      @Advice.FieldValue("channel") Object channel,
      @Advice.FieldValue("protocolNegotiator") Object negotiator)
      throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.grpcnetty.AcceptHook")
        .enter(transport, channel, negotiator, null);
  }
}
