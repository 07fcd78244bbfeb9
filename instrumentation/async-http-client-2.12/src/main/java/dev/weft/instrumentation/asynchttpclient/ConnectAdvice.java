package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code NettyConnectListener.onSuccess}: a new channel is connected. May fail: no request is
 * written on a channel that is not as its attempt demands.
 */
final class ConnectAdvice {
  private ConnectAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.FieldValue("future") Object future,
      @Advice.Argument(0) Object channel,
      @Advice.Argument(1) Object remote)
      throws Throwable {
    Object entered =
        Hooks.find(owner, "dev.weft.instrumentation.asynchttpclient.ConnectHook")
            .enter(self, future, channel, remote);
    return entered instanceof Outcome ? entered : null;
  }
}
