package dev.weft.instrumentation.jetty.core;

import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.instrumentation.jetty.MeshHandshake;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/**
 * Mesh TLS of one connection of Jetty 12. The application does not see it: its end point says that
 * it is not secure, so the scheme stays {@code http}, and no customizer finds a TLS session.
 */
final class CoreTlsConnection extends SslConnection {
  private final MeshHandshake handshake;

  CoreTlsConnection(
      Connector connector, EndPoint endPoint, SSLEngine engine, MeshHandshake handshake) {
    super(connector.getByteBufferPool(), connector.getExecutor(), null, endPoint, engine);
    this.handshake = handshake;
  }

  /**
   * The connection below a request.
   *
   * @return {@link MeshConnection#UNSECURED} for plaintext and for TLS of the application's own,
   *     null for mesh TLS whose peer is not verified
   */
  static @Nullable MeshConnection below(@Nullable EndPoint endPoint) {
    return endPoint instanceof HiddenEndPoint
        ? ((HiddenEndPoint) endPoint).connection()
        : MeshConnection.UNSECURED;
  }

  /** Whether an end point decrypts mesh TLS, of which the application is not to know. */
  static boolean isHidden(@Nullable EndPoint endPoint) {
    return endPoint instanceof HiddenEndPoint;
  }

  @Override
  protected SslEndPoint newSslEndPoint() {
    return new HiddenEndPoint();
  }

  /** The decrypted side. */
  private final class HiddenEndPoint extends SslEndPoint {
    @Nullable MeshConnection connection() {
      return handshake.connection();
    }

    @Override
    public @Nullable SslSessionData getSslSessionData() {
      return null;
    }
  }
}
