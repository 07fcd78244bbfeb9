package dev.weft.instrumentation.okhttp;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Caller;
import org.jspecify.annotations.Nullable;

/** Makes a thread of the library work for what the thread worked for that enqueued the call. */
public final class RunHook extends MeshHook {
  /** For the hook loader. */
  public RunHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object queued, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Caller caller = queued == null ? null : QueuedHook.CALLERS.remove(queued);
    return caller == null ? null : caller.attach();
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object before,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (before instanceof Caller) {
      ((Caller) before).attach();
    }
    return result;
  }
}
