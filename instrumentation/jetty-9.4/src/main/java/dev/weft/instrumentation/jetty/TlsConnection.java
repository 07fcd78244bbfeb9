package dev.weft.instrumentation.jetty;

import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;

/** Mesh TLS of one connection of Jetty 9.4 to 11: Jetty's own, by which the gate finds the peer. */
final class TlsConnection extends SslConnection {
  private final MeshHandshake handshake;

  private TlsConnection(
      ByteBufferPool pool,
      Connector connector,
      EndPoint endPoint,
      SSLEngine engine,
      MeshHandshake handshake) {
    super(pool, connector.getExecutor(), endPoint, engine);
    this.handshake = handshake;
  }

  MeshHandshake handshake() {
    return handshake;
  }

  /** Makes them. */
  static final class Layer implements TlsLayer {
    @Override
    public SslConnection over(
        EndPoint endPoint, Connector connector, SSLEngine engine, MeshHandshake handshake) {
      TlsConnection tls =
          new TlsConnection(connector.getByteBufferPool(), connector, endPoint, engine, handshake);
      EndPoint decrypted = tls.getDecryptedEndPoint();
      decrypted.setConnection(
          connector.getDefaultConnectionFactory().newConnection(connector, decrypted));
      return tls;
    }
  }
}
