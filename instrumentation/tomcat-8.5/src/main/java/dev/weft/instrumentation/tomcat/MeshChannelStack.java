package dev.weft.instrumentation.tomcat;

import java.util.function.Function;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketProperties;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for an endpoint's stack of reusable channels, and knows only channels of ours: a
 * running endpoint never finds it empty, so it never makes one itself, and a channel made before
 * the agent came is not taken back. Thread-safe.
 *
 * @param <C> the endpoint's type of channel
 */
final class MeshChannelStack<C> extends SynchronizedStack<C> {
  /** Tomcat 8.5's own default, which later versions derive from memory. */
  private static final int KEPT = 500;

  private final AbstractEndpoint<?> endpoint;
  private final boolean pooling;
  private final Function<SocketBufferHandler, ? extends C> maker;

  /**
   * @param pooling whether the endpoint reuses channels (its {@code bufferPool} is not 0)
   * @param maker makes a channel of ours on the buffers it is given
   */
  MeshChannelStack(
      AbstractEndpoint<?> endpoint,
      boolean pooling,
      Function<SocketBufferHandler, ? extends C> maker) {
    super(SynchronizedStack.DEFAULT_SIZE, KEPT);
    this.endpoint = endpoint;
    this.pooling = pooling;
    this.maker = maker;
  }

  /** A channel; null only when the endpoint has stopped and nothing is left to be freed. */
  @Override
  public synchronized @Nullable C pop() {
    C used = super.pop();
    return used == null && endpoint.isRunning() ? newChannel() : used;
  }

  @Override
  public synchronized boolean push(C channel) {
    if (!(channel instanceof MeshChannel)) {
      return false;
    }
    ((MeshChannel) channel).ended();
    return pooling && super.push(channel);
  }

  private C newChannel() {
    SocketProperties properties = endpoint.getSocketProperties();
    return maker.apply(
        new SocketBufferHandler(
            properties.getAppReadBufSize(),
            properties.getAppWriteBufSize(),
            properties.getDirectBuffer()));
  }
}
