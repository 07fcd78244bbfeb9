package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Keeps the library from sending a hop again that the driver decides on. */
public final class RetryHook extends MeshHook {
  /** For the hook loader. */
  public RetryHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    Sent sent = Sent.of(self);
    return sent != null && sent.hop() != null ? (Object) false : result;
  }
}
