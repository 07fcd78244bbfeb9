package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.inbound.ConnectionPolicy;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioSelectorPool;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketProperties;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for an endpoint's stack of reusable channels, and knows only channels of ours: a
 * running endpoint never finds it empty, so it never makes one itself, and a channel made before
 * the agent came is not taken back. Thread-safe.
 */
final class MeshChannelStack extends SynchronizedStack<NioChannel> {
  /** Tomcat 8.5's own default, which later versions derive from memory. */
  private static final int KEPT = 500;

  private static final ChannelShape SHAPE = ChannelShape.ofThisTomcat();

  private final NioEndpoint endpoint;
  private final ConnectionPolicy policy;
  private final boolean pooling;
  private final @Nullable NioSelectorPool selectorPool;

  /**
   * @param pooling whether the endpoint reuses channels (its {@code bufferPool} is not 0)
   */
  MeshChannelStack(NioEndpoint endpoint, ConnectionPolicy policy, boolean pooling) {
    super(SynchronizedStack.DEFAULT_SIZE, KEPT);
    this.endpoint = endpoint;
    this.policy = policy;
    this.pooling = pooling;
    this.selectorPool = SHAPE.selectorPool(endpoint);
  }

  /** A channel; null only when the endpoint has stopped and nothing is left to be freed. */
  @Override
  public synchronized @Nullable NioChannel pop() {
    NioChannel used = super.pop();
    return used == null && endpoint.isRunning() ? newChannel() : used;
  }

  @Override
  public synchronized boolean push(NioChannel channel) {
    return pooling && channel instanceof MeshChannel && super.push(channel);
  }

  private NioChannel newChannel() {
    SocketProperties properties = endpoint.getSocketProperties();
    SocketBufferHandler buffers =
        new SocketBufferHandler(
            properties.getAppReadBufSize(),
            properties.getAppWriteBufSize(),
            properties.getDirectBuffer());
    return SHAPE.newChannel(buffers, selectorPool, endpoint, policy);
  }
}
