package dev.weft.instrumentation.asynchttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code NettyRequestSender.applyIoExceptionFiltersAndReplayRequest}: whether the application sends
 * again by a filter. May fail: the filter decides then.
 */
final class FilterAdvice {
  private FilterAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner, @Advice.Argument(0) @Nullable Object future) throws Throwable {
    Object entered =
        Hooks.find(owner, "dev.weft.instrumentation.asynchttpclient.RetryHook")
            .enter(future, null, null, null);
    return entered instanceof Outcome ? entered : null;
  }
}
