package dev.weft.instrumentation.httpserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import org.jspecify.annotations.Nullable;

/** Holds back what asks a client for its body until the gate has let the request in. */
public final class ContinueHook extends MeshHook {
  private final Internals internals = new Internals();

  /** Made by the agent. */
  public ContinueHook(HookContext context) {
    super(context);
  }

  /**
   * @param exchange the server's task of the request
   * @param connection its connection
   * @param code status of the reply that the server is about to send
   * @return an {@link Outcome} when it is held back
   */
  @Override
  public Object enter(
      @Nullable Object exchange,
      @Nullable Object connection,
      @Nullable Object code,
      @Nullable Object c) {
    if (exchange == null || connection == null || !Integer.valueOf(100).equals(code)) {
      return Permit.GRANTED;
    }
    return MeshSocketChannel.of(internals, connection).requests().holdBack(exchange)
        ? Outcome.returned(null)
        : Permit.GRANTED;
  }
}
