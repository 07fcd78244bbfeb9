package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import org.jspecify.annotations.Nullable;

/** Lets the driver decide on what fails before it ends the call. */
public final class AbortHook extends MeshHook {
  /** For the hook loader. */
  public AbortHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Sent sent = Sent.of(self);
    Hop hop = sent == null ? null : sent.hop();
    if (hop == null || a == null) {
      return Permit.GRANTED;
    }
    return hop.failed((Throwable) a) ? Outcome.returned(null) : Permit.GRANTED;
  }
}
