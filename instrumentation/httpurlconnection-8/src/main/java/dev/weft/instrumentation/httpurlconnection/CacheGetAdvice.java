package dev.weft.instrumentation.httpurlconnection;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code KeepAliveCache.get}: an attempt asks for connections of its instance only. */
final class CacheGetAdvice {
  private CacheGetAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  @SuppressWarnings("UnusedVariable") // what is assigned goes on as the argument
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(0) Object url,
      @Advice.Argument(value = 1, readOnly = false) @Nullable Object key)
      throws Throwable {
    Object asked = key;
    // What stays if the hook fails: a key that no connection was ever kept under.
    key = new Object();
    key =
        Hooks.find(owner, "dev.weft.instrumentation.httpurlconnection.KeepAliveHook")
            .exit(url, null, asked, null);
  }
}
