package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Attempt;
import org.jspecify.annotations.Nullable;

/** Keeps channels per instance and trust generation. */
public final class KeyHook extends MeshHook {
  /** For the hook loader. */
  public KeyHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    Sent sent = Sent.of(self);
    Attempt attempt = sent == null ? null : sent.attempt();
    return attempt == null ? result : attempt.poolKey();
  }
}
