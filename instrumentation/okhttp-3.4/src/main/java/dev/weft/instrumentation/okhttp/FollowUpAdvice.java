package dev.weft.instrumentation.okhttp;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code RetryAndFollowUpInterceptor.followUpRequest}: an attempt follows nothing up. Skipped, it
 * answers null, which is no follow-up.
 */
final class FollowUpAdvice {
  private FollowUpAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(@Advice.Origin Class<?> owner) throws Throwable {
    return Permit.orNull(
        Hooks.find(owner, "dev.weft.instrumentation.okhttp.FollowUpHook")
            .enter(null, null, null, null));
  }
}
