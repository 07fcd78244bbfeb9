package dev.weft.instrumentation.httpserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Adds what our channel holds to what a stream of the server can give without reading. */
public final class AvailableHook extends MeshHook {
  /** Made by the agent. */
  public AvailableHook(HookContext context) {
    super(context);
  }

  /**
   * @param channel the stream's channel
   * @param result what the stream says
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object channel,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (channel instanceof MeshSocketChannel
        && result instanceof Integer
        && (Integer) result == 0
        && ((MeshSocketChannel) channel).holdsData()) {
      return 1;
    }
    return result;
  }
}
