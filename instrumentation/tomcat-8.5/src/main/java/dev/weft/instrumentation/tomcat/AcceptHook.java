package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/** Gives an endpoint that is about to take a connection the stack its channel comes from. */
public final class AcceptHook extends MeshHook {
  private final ConnectionPolicy policy;

  /** Made by the agent, once per class loader of Tomcat. */
  public AcceptHook(HookContext context) {
    super(context);
    this.policy = context.dataPlane().connections();
  }

  /**
   * @param self the endpoint
   * @param channels its stack of reusable channels, null when it reuses none
   * @return the stack to use; null for an endpoint that is left as it is, such as one that speaks
   *     TLS of the application's own
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object channels, @Nullable Object b, @Nullable Object c) {
    AbstractEndpoint<?> endpoint = (AbstractEndpoint<?>) self;
    if (endpoint == null || endpoint.isSSLEnabled()) {
      return null;
    }
    if (channels instanceof MeshChannelStack) {
      return channels;
    }
    boolean pooling = channels != null;
    if (endpoint instanceof NioEndpoint) {
      return new MeshChannelStack<NioChannel>(
          endpoint, pooling, ChannelShape.ofThisTomcat().maker((NioEndpoint) endpoint, policy));
    }
    return Nio2Channels.stack(endpoint, pooling, policy);
  }
}
