package dev.weft.instrumentation.okhttp;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import org.jspecify.annotations.Nullable;

/**
 * Leaves redirects, authentication and the like to the turn of the library that the application
 * began: there the next request is a hop of its own.
 */
public final class FollowUpHook extends MeshHook {
  /** For the hook loader. */
  public FollowUpHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Sending sending = Sending.current();
    return sending == null || sending.answer() == null ? Permit.GRANTED : null;
  }
}
