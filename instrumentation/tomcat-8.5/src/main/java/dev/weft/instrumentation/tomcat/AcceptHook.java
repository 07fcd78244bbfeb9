package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.Nio2Channel;
import org.apache.tomcat.util.net.Nio2Endpoint;
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
   * @return the stack to use, or a permit for an endpoint that speaks TLS of the application's own
   */
  @Override
  public Object enter(
      @Nullable Object self, @Nullable Object channels, @Nullable Object b, @Nullable Object c) {
    AbstractEndpoint<?> endpoint = (AbstractEndpoint<?>) self;
    if (endpoint == null || endpoint.isSSLEnabled()) {
      return Permit.GRANTED;
    }
    if (channels instanceof MeshChannelStack) {
      return channels;
    }
    boolean pooling = channels != null;
    if (endpoint instanceof NioEndpoint) {
      return new MeshChannelStack<NioChannel>(
          endpoint, pooling, ChannelShape.ofThisTomcat().maker((NioEndpoint) endpoint, policy));
    }
    if (!HandshakeStatusField.isOpen()) {
      return Permit.GRANTED;
    }
    Nio2Endpoint nio2 = (Nio2Endpoint) endpoint;
    return new MeshChannelStack<Nio2Channel>(
        endpoint, pooling, buffers -> new MeshNio2Channel(buffers, nio2, policy));
  }
}
