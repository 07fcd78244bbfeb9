package dev.weft.instrumentation.okhttp;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import org.jspecify.annotations.Nullable;

/**
 * Makes an attempt let go of the connection that its call still holds: the host is the same, the
 * instance may be another. If it is not, the pool gives the same connection again.
 */
public final class HoldHook extends MeshHook {
  /** For the hook loader. */
  public HoldHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Sending sending = Sending.current();
    return sending == null || sending.connected() ? Permit.GRANTED : null;
  }
}
