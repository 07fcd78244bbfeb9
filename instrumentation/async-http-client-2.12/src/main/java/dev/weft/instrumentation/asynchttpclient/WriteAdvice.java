package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Outcome;
import io.netty.channel.Channel;
import net.bytebuddy.asm.Advice;
import org.asynchttpclient.netty.NettyResponseFuture;
import org.asynchttpclient.netty.request.NettyRequestSender;
import org.jspecify.annotations.Nullable;

/** {@code NettyRequestSender.writeRequest}: a request is about to be written on a channel. */
final class WriteAdvice {
  private WriteAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.This NettyRequestSender self,
      @Advice.Argument(0) NettyResponseFuture<?> future,
      @Advice.Argument(1) Channel channel) {
    if (permit == null) {
      self.abort(channel, future, Outcome.failure(outcome));
    }
  }
}
