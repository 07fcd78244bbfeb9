package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import java.util.Objects;
import net.bytebuddy.asm.Advice;

/** {@code HttpRequestImpl.secure}: true for an attempt that must carry mTLS. */
final class SecureAdvice {
  private SecureAdvice() {}

  @Advice.OnMethodExit
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Return(readOnly = false) boolean result)
      throws Throwable {
    try {
      result =
          (Boolean)
              Objects.requireNonNull(
                  Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.SecureHook")
                      .exit(null, self, Boolean.valueOf(result), null));
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
