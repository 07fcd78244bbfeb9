package dev.weft.instrumentation.reactornettyclient;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import reactor.netty.ChannelPipelineConfigurer;

/**
 * {@code HttpClientConfig.defaultOnChannelInit}: what is done to a new channel. May fail: a hop
 * sends nothing on a channel that is not as its attempt demands.
 */
final class ChannelAdvice {
  private ChannelAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.Return(readOnly = false) ChannelPipelineConfigurer result)
      throws Throwable {
    result =
        (ChannelPipelineConfigurer)
            Hooks.find(owner, "dev.weft.instrumentation.reactornettyclient.ChannelHook")
                .exit(null, null, result, null);
  }
}
