package dev.weft.instrumentation.jetty;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.inbound.InboundExchange;
import org.eclipse.jetty.server.HttpChannel;
import org.jspecify.annotations.Nullable;

/** Concludes the exchange of a request that Jetty is done with. */
public final class ConclusionHook extends MeshHook {
  /** Made by the agent, once per class loader of Jetty. */
  public ConclusionHook(HookContext context) {
    super(context);
  }

  /**
   * @param self the channel, not recycled yet
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    HttpChannel channel = (HttpChannel) self;
    InboundExchange exchange = channel == null ? null : ExchangeNote.of(channel);
    if (channel != null && exchange != null) {
      exchange.conclude(channel.getResponse().getStatus(), null);
    }
    return null;
  }
}
