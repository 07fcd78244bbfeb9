package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Forgets a connection of the mesh that closes. */
public final class ClosedHook extends MeshHook {
  /** For the hook loader. */
  public ClosedHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object engine, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    if (engine instanceof MeshEngine) {
      ((MeshEngine) engine).connection().closed();
    }
    return null;
  }
}
