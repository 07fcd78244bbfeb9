package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Caller;
import org.jspecify.annotations.Nullable;

/** Remembers which trace the calling thread works for: the hop may run on another thread. */
public final class CallerHook extends MeshHook {
  /** For the hook loader. */
  public CallerHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object multiExchange, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Caller caller = Caller.capture();
    if (multiExchange != null && caller != null) {
      Attempts.CALLERS.put(multiExchange, caller);
    }
    return null;
  }
}
