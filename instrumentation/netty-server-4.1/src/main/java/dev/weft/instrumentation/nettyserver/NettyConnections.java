package dev.weft.instrumentation.nettyserver;

import dev.weft.dataplane.IpText;
import dev.weft.dataplane.LocalPorts;
import dev.weft.dataplane.inbound.MeshConnection;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What is known of the connections and listeners of a server on Netty. Thread-safe. */
public final class NettyConnections {
  private static final AttributeKey<MeshConnection> PEER = AttributeKey.valueOf("weft.peer");
  private static final AttributeKey<Boolean> REPORTED = AttributeKey.valueOf("weft.reported");

  private NettyConnections() {}

  /** Remembers who is at the other end of a connection, for as long as it is open. */
  static void secured(Channel connection, MeshConnection peer) {
    connection.attr(PEER).set(peer);
  }

  /** Who is at the other end of the connection that a request came on. */
  public static MeshConnection of(Channel channel) {
    MeshConnection secured = connection(channel).attr(PEER).get();
    return secured == null ? MeshConnection.UNSECURED : secured;
  }

  /** The connection below a stream of HTTP/2; any other channel is one itself. */
  public static Channel connection(Channel channel) {
    Channel below = channel.parent();
    return below == null || below instanceof ServerChannel ? channel : connection(below);
  }

  /** Whether a channel is a stream within a connection. */
  public static boolean isStream(Channel channel) {
    return connection(channel) != channel;
  }

  /** Reports the port of a listener, and later that it is closed; once. */
  public static void listening(Channel listener, LocalPorts ports, boolean acceptsMesh) {
    int port = port(listener);
    if (port > 0 && listener.attr(REPORTED).setIfAbsent(true) == null) {
      ports.opened(port, acceptsMesh);
      listener.closeFuture().addListener(closed -> ports.closed(port));
    }
  }

  /** The local port of a channel; -1 when it has none, as one of a file. */
  public static int port(Channel channel) {
    SocketAddress local = channel.localAddress();
    return local instanceof InetSocketAddress ? ((InetSocketAddress) local).getPort() : -1;
  }

  /** The address of the TCP peer, as a literal; empty when there is none. */
  public static String remoteAddress(Channel connection) {
    return IpText.of(connection.remoteAddress());
  }

  /** Our address of a connection, as a literal; empty when there is none. */
  public static String localAddress(Channel connection) {
    return IpText.of(connection.localAddress());
  }
}
