package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Ends the hop of a call that the application gave up. */
public final class CancelHook extends MeshHook {
  /** For the hook loader. */
  public CancelHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    Sent sent = Sent.of(self);
    Hop hop = sent == null ? null : sent.hop();
    if (hop != null) {
      hop.cancel();
    }
    return result;
  }
}
