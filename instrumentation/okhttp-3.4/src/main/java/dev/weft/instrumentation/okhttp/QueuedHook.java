package dev.weft.instrumentation.okhttp;

import dev.weft.agent.extension.Bindings;
import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Caller;
import org.jspecify.annotations.Nullable;

/** Remembers what the thread works for that enqueued a call: a thread of the library makes it. */
public final class QueuedHook extends MeshHook {
  /** By the library's {@code AsyncCall}. */
  static final Bindings<Caller> CALLERS = new Bindings<>();

  /** For the hook loader. */
  public QueuedHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object queued, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Caller caller = Caller.capture();
    if (queued != null && caller != null) {
      CALLERS.put(queued, caller);
    }
    return null;
  }
}
