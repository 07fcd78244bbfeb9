package dev.weft.instrumentation.jdbc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Gives back what a closed connection held. */
public final class CloseHook extends MeshHook {
  /** For the hook loader. */
  public CloseHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Sessions.closed(requireNonNull(self));
    return null;
  }
}
