package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.identity.TransportSecurity;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.nio.ManagedAsyncClientConnection;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLSessionInitializer;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.jspecify.annotations.Nullable;

/**
 * Mesh TLS on one connection: sets up its engine, and judges the server before a byte of the
 * application leaves. The connection holds it, so it lives as long. For the connection's thread.
 */
final class MeshTls implements SSLSessionInitializer, SSLSessionVerifier {
  /** Says in a session that it is the mesh's. */
  static final String MARK = "dev.weft.mesh";

  private final TransportSecurity transport;
  private final ClientTls tls;
  private final String[] protocols;
  private final Runnable closer;
  private @Nullable Runnable forget;

  MeshTls(
      TransportSecurity transport,
      ClientTls tls,
      String[] protocols,
      ManagedAsyncClientConnection connection) {
    this.transport = transport;
    this.tls = tls;
    this.protocols = protocols;
    // At once, 5.0 would not tell the exchange under way.
    this.closer = () -> connection.close(CloseMode.GRACEFUL);
  }

  @Override
  public void initialize(NamedEndpoint endpoint, SSLEngine engine) {
    transport.configure(engine, tls, protocols);
  }

  /** A resumed handshake asks no trust manager; TLS 1.3 ends its handshake with two messages. */
  @Override
  public TlsDetails verify(NamedEndpoint endpoint, SSLEngine engine) throws SSLException {
    boolean again = forget != null;
    try {
      Runnable registered = transport.judge(engine.getSession(), tls, closer);
      engine.getSession().putValue(MARK, true);
      if (forget != null) {
        forget.run();
      }
      forget = registered;
    } catch (SSLException e) {
      transport.handshake(tls, HandshakeResult.of(e));
      throw e;
    }
    if (!again) {
      transport.handshake(tls, HandshakeResult.OK);
    }
    String chosen = engine.getApplicationProtocol();
    return new TlsDetails(
        engine.getSession(), Alpn.WEFT_HTTP_1.equals(chosen) ? "http/1.1" : chosen);
  }
}
