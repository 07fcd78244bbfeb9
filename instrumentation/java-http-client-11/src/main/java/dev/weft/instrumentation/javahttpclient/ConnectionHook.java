package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/**
 * Tells an engine of the mesh its connection, which is to be closed when the server is withdrawn.
 */
public final class ConnectionHook extends MeshHook {
  private final Internals internals;

  /** For the hook loader. */
  public ConnectionHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.internals = new Internals();
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object connection,
      @Nullable Object engine,
      @Nullable Throwable thrown) {
    if (connection != null && engine instanceof MeshEngine) {
      ((MeshEngine) engine).connection().is(connection, internals::close);
    }
    return engine;
  }
}
