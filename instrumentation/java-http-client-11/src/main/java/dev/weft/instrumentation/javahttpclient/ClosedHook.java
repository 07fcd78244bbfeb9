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
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object engine,
      @Nullable Throwable thrown) {
    if (engine instanceof MeshEngine) {
      ((MeshEngine) engine).connection().closed();
    }
    return engine;
  }
}
