package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import java.net.InetSocketAddress;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code HttpRequestImpl.getAddress}: of an attempt, a name made of its pool key. */
final class AddressAdvice {
  private AddressAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
  static @Nullable Object enter(@Advice.Origin Class<?> owner, @Advice.This Object self)
      throws Throwable {
    return Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.AddressHook")
        .exit(null, self, null, null);
  }

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object instance,
      @Advice.Return(readOnly = false) InetSocketAddress result) {
    if (instance != null) {
      result = (InetSocketAddress) instance;
    }
  }
}
