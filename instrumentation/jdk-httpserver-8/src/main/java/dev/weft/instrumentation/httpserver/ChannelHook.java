package dev.weft.instrumentation.httpserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Tells what is below our channel. */
public final class ChannelHook extends MeshHook {
  /** Made by the agent. */
  public ChannelHook(HookContext context) {
    super(context);
  }

  /**
   * @param result a connection's channel
   * @return the JDK's own channel
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    return result instanceof MeshSocketChannel ? ((MeshSocketChannel) result).below() : result;
  }
}
