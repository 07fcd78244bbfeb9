package dev.weft.instrumentation.okhttp;

import dev.weft.agent.extension.CallerHook;
import dev.weft.agent.extension.HookContext;
import dev.weft.dataplane.outbound.Caller;
import org.jspecify.annotations.Nullable;

/** Makes a thread of the library work for what the thread worked for that enqueued the call. */
public final class RunHook extends CallerHook {
  /** For the hook loader. */
  public RunHook(HookContext context) {
    super(context);
  }

  @Override
  protected @Nullable Caller caller(Object queued) {
    return QueuedHook.CALLERS.remove(queued);
  }
}
