package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.inbound.ConnectionPolicy;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.Nio2Channel;
import org.apache.tomcat.util.net.Nio2Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The channels of NIO2 connectors. Apart, because a Tomcat whose NIO2 has another shape links
 * nothing of it. Stateless.
 */
final class Nio2Channels {
  private Nio2Channels() {}

  /** The stack for an endpoint; null where the handshake cannot be ours. */
  static @Nullable Object stack(
      AbstractEndpoint<?> endpoint, boolean pooling, ConnectionPolicy policy) {
    if (!HandshakeStatusField.isOpen()) {
      return null;
    }
    Nio2Endpoint nio2 = (Nio2Endpoint) endpoint;
    return new MeshChannelStack<Nio2Channel>(
        endpoint, pooling, buffers -> new MeshNio2Channel(buffers, nio2, policy));
  }
}
