package dev.weft.instrumentation.httpserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Hears a new connection on the dispatcher's thread, as far as it has spoken, before a thread of
 * the server's executor waits for its request. Never blocks.
 */
public final class AcceptHook extends MeshHook {
  private final Internals internals = new Internals();

  /** Made by the agent. */
  public AcceptHook(HookContext context) {
    super(context);
  }

  /**
   * @param dispatcher the server's dispatcher
   * @param channel the JDK's channel of a connection that has something to read
   * @param connection the connection
   * @return the channel the server shall use; {@link Permit#GRANTED} where it has one; an {@link
   *     Outcome} when the connection waits again or is closed
   */
  @Override
  public Object enter(
      @Nullable Object dispatcher,
      @Nullable Object channel,
      @Nullable Object connection,
      @Nullable Object c) {
    if (dispatcher == null || channel == null || connection == null) {
      return Permit.GRANTED;
    }
    Object server = internals.server(dispatcher);
    if (internals.isHttps(server) || internals.isUsed(connection)) {
      return Permit.GRANTED;
    }
    try {
      MeshSocketChannel ours = internals.channel(connection);
      if (ours == null) {
        ours =
            new MeshSocketChannel(
                (SocketChannel) channel,
                new Greeting(context().dataPlane().connections(), internals.port(server)));
        internals.setChannel(connection, ours);
      }
      if (ours.isReady()) {
        return ours;
      }
      internals.giveBack(dispatcher, connection);
    } catch (IOException | RuntimeException | Error e) {
      internals.close(dispatcher, connection);
    }
    return Outcome.returned(null);
  }
}
