package dev.weft.instrumentation.httpurlconnection;

import dev.weft.agent.extension.advice.Changed;
import dev.weft.agent.extension.advice.Handed;
import dev.weft.agent.extension.advice.HookName;
import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code KeepAliveCache}: the object that its keys are told apart by is the mesh's. */
final class CacheAdvice {
  private CacheAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  @SuppressWarnings("UnusedVariable") // what is assigned goes on as the argument
  static void enter(
      @Advice.Origin Class<?> owner,
      @HookName String hook,
      @Handed(0) @Nullable Object url,
      @Handed(1) @Nullable Object client,
      @Changed @Nullable Object key)
      throws Throwable {
    Object asked = key;
    // What stays if the hook fails: a key that no connection was ever kept under.
    key = new Object();
    key = Hooks.find(owner, hook).exit(url, client, asked, null);
  }
}
