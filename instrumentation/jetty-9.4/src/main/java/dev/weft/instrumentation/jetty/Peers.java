package dev.weft.instrumentation.jetty;

import dev.weft.dataplane.IpText;
import dev.weft.dataplane.inbound.MeshConnection;
import java.net.InetSocketAddress;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a connection of Jetty 9.4 to 11. Stateless. */
final class Peers {
  private Peers() {}

  /**
   * The connection below a request.
   *
   * @return {@link MeshConnection#UNSECURED} for plaintext and for TLS of the application's own,
   *     null for mesh TLS whose peer is not verified
   */
  static @Nullable MeshConnection of(@Nullable EndPoint endPoint) {
    MeshHandshake handshake = handshake(endPoint);
    return handshake == null ? MeshConnection.UNSECURED : handshake.connection();
  }

  /** The mesh TLS that an end point decrypts, null for none. */
  static @Nullable MeshHandshake handshake(@Nullable EndPoint endPoint) {
    if (!(endPoint instanceof SslConnection.DecryptedEndPoint)) {
      return null;
    }
    SslConnection tls = ((SslConnection.DecryptedEndPoint) endPoint).getSslConnection();
    return tls instanceof TlsConnection ? ((TlsConnection) tls).handshake() : null;
  }

  /** The address of the other end, empty when the connection is gone. */
  static String address(@Nullable EndPoint endPoint) {
    return IpText.of(endPoint == null ? null : endPoint.getRemoteAddress());
  }

  /** Our address, empty when the connection is gone. */
  static String localAddress(@Nullable EndPoint endPoint) {
    return IpText.of(endPoint == null ? null : endPoint.getLocalAddress());
  }

  /** Our port, 0 when there is none or the connection is gone. */
  static int localPort(@Nullable EndPoint endPoint) {
    InetSocketAddress local = endPoint == null ? null : endPoint.getLocalAddress();
    return local == null ? 0 : local.getPort();
  }
}
