package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import io.netty.channel.Channel;
import net.bytebuddy.asm.Advice;
import org.asynchttpclient.netty.NettyResponseFuture;
import org.asynchttpclient.netty.request.NettyRequestSender;
import org.jspecify.annotations.Nullable;

/** {@code NettyRequestSender.writeRequest}: a request is about to be written on a channel. */
final class WriteAdvice {
  private WriteAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(0) Object future,
      @Advice.Argument(1) Object channel,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.asynchttpclient.WriteHook")
            .enter(null, future, channel, null);
    return Permit.orNull(outcome);
  }

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
