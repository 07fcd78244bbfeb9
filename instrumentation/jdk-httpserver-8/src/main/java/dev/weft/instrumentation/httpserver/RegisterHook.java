package dev.weft.instrumentation.httpserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import org.jspecify.annotations.Nullable;

/** Watches a connection that has not made a request, as the dispatcher does with a new one. */
public final class RegisterHook extends MeshHook {
  private final Internals internals = new Internals();

  /** Made by the agent. */
  public RegisterHook(HookContext context) {
    super(context);
  }

  /**
   * @param dispatcher the server's dispatcher
   * @param connection a connection to watch
   * @return an {@link Outcome} when it is watched; {@link Permit#GRANTED} when the dispatcher shall
   */
  @Override
  public Object enter(
      @Nullable Object dispatcher,
      @Nullable Object connection,
      @Nullable Object b,
      @Nullable Object c) {
    MeshSocketChannel ours =
        dispatcher == null || connection == null ? null : internals.channel(connection);
    if (dispatcher == null || connection == null || ours == null || internals.isUsed(connection)) {
      return Permit.GRANTED;
    }
    try {
      internals.watch(dispatcher, connection, ours.below());
    } catch (RuntimeException e) {
      internals.close(dispatcher, connection);
    }
    return Outcome.returned(null);
  }
}
