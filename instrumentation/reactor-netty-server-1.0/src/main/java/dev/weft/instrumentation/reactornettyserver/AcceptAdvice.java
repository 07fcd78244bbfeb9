package dev.weft.instrumentation.reactornettyserver;

import dev.weft.bootstrap.Hooks;
import io.netty.channel.Channel;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import reactor.netty.tcp.SslProvider;

/**
 * On {@code HttpServerChannelInitializer.onChannelInit}, which gives each connection its handlers.
 * Without our own among them it is taken for plaintext, and the gate decides on that.
 */
final class AcceptAdvice {
  private AcceptAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(1) Channel channel,
      @Advice.FieldValue("sslProvider") @Nullable SslProvider tls)
      throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.reactornettyserver.AcceptHook")
        .enter(null, channel, tls, null);
  }
}
