package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.inbound.ConnectionPolicy;
import java.lang.reflect.Method;
import java.util.function.Function;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioSelectorPool;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * How a version of Tomcat makes its secure channels. The versions differ within 8.5 and within 9.0,
 * so the class is asked, not the version. The compiler sees all shapes at once
 * (docs/adr/0052-tomcat-channel-shapes.md); the JVM links only what runs.
 */
enum ChannelShape {
  /** With a selector pool, and a socket that the endpoint sets afterwards: 8.5.43, 9.0.16. */
  SOCKET_AND_POOL,
  /** With a selector pool: 9.0.39, 9.0.41. */
  POOL,
  /** With neither: 8.5.77, 9.0.117, 10.1, 11. */
  PLAIN;

  /** The shape of the Tomcat that this class loader sees; the library check knows these three. */
  static ChannelShape ofThisTomcat() {
    switch (SecureNioChannel.class.getConstructors()[0].getParameterTypes().length) {
      case 4:
        return SOCKET_AND_POOL;
      case 3:
        return POOL;
      default:
        return PLAIN;
    }
  }

  /**
   * Makes channels for an endpoint. Each way stands apart, so that none is linked that the version
   * at hand has not.
   */
  Function<SocketBufferHandler, MeshNioChannel> maker(
      NioEndpoint endpoint, ConnectionPolicy policy) {
    switch (this) {
      case SOCKET_AND_POOL:
        return withSocketAndPool(endpoint, policy);
      case POOL:
        return withPool(endpoint, policy);
      default:
        return buffers -> new MeshNioChannel(buffers, endpoint, policy);
    }
  }

  private static Function<SocketBufferHandler, MeshNioChannel> withSocketAndPool(
      NioEndpoint endpoint, ConnectionPolicy policy) {
    NioSelectorPool pool = selectorPool(endpoint);
    return buffers -> new MeshNioChannel(null, buffers, pool, endpoint, policy);
  }

  private static Function<SocketBufferHandler, MeshNioChannel> withPool(
      NioEndpoint endpoint, ConnectionPolicy policy) {
    NioSelectorPool pool = selectorPool(endpoint);
    return buffers -> new MeshNioChannel(buffers, pool, endpoint, policy);
  }

  /** What the endpoint's channels block with. */
  private static NioSelectorPool selectorPool(NioEndpoint endpoint) {
    try {
      // Public in 8.5, protected in 9.0.
      Method getter = NioEndpoint.class.getDeclaredMethod("getSelectorPool");
      getter.setAccessible(true);
      return (NioSelectorPool) getter.invoke(endpoint);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Tomcat's selector pool cannot be read", e);
    }
  }
}
