package dev.weft.instrumentation.httpserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Concludes the exchange of a request that is answered. */
public final class ConclusionHook extends MeshHook {
  private final Internals internals = new Internals();

  /** Made by the agent. */
  public ConclusionHook(HookContext context) {
    super(context);
  }

  /**
   * @param event what the server tells itself; its exchange is null when it is no answer
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object event, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Object exchange = event == null ? null : internals.exchangeOfEvent(event);
    if (exchange != null) {
      MeshSocketChannel channel = internals.channel(internals.connection(exchange));
      if (channel != null) {
        channel.requests().conclude(exchange, internals.status(exchange));
      }
    }
    return null;
  }
}
