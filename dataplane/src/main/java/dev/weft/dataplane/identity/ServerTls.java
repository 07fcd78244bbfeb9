package dev.weft.dataplane.identity;

import dev.weft.dataplane.Detached;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * Mesh TLS of a port that takes it. Every client has to show an SVID, and to say by ALPN that it is
 * of the mesh. Thread-safe.
 */
public final class ServerTls {
  private final TransportSecurity security;

  ServerTls(TransportSecurity security) {
    this.security = security;
  }

  /** Whether there is an identity to show. */
  public boolean ready() {
    return security.ready();
  }

  /**
   * A new engine in server mode that demands a client certificate.
   *
   * @param http2 whether the port can speak HTTP/2 on it
   * @throws SSLException when there is no identity yet
   */
  public SSLEngine newEngine(boolean http2) throws SSLException {
    SSLContext context = security.required().server();
    SSLEngine engine = Detached.make(context::createSSLEngine);
    engine.setUseClientMode(false);
    SSLParameters parameters = TlsParameters.of(engine.getSSLParameters());
    parameters.setNeedClientAuth(true);
    if (http2) {
      Alpn.offer(parameters, Alpn.HTTP_2, Alpn.WEFT_HTTP_1);
    } else {
      Alpn.offer(parameters, Alpn.WEFT_HTTP_1);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /**
   * Who the client is. Call it after every handshake, also of a resumed session, and before a byte
   * reaches the application: a resumed session never asks the trust manager.
   *
   * @throws SSLException when the client is not, or no longer, trusted, or is not of the mesh
   */
  public PeerIdentity verify(SSLEngine engine) throws SSLException {
    if (Alpn.available() && Alpn.negotiated(engine).isEmpty()) {
      throw new IdentityRefusedException("the client did not say that it is of the mesh (no ALPN)");
    }
    return security.verify(security.required(), engine.getSession(), null);
  }

  /** Tells telemetry how a handshake ended. */
  public void concluded(HandshakeResult result) {
    security.handshake(ConnectionObserver.Side.INBOUND, result);
  }

  /** Tells telemetry that a client was let in in plaintext. */
  public void acceptedPlaintext() {
    security.plaintext(ConnectionObserver.Side.INBOUND);
  }

  /**
   * Remembers an open connection, so that it is closed when its peer loses our trust; that happens
   * at once when trust changed since {@link #verify}.
   *
   * @param close closes the connection; may run on any thread, must not block
   * @return forgets the connection; to be run when it closes
   */
  public Runnable register(PeerIdentity peer, Runnable close) {
    return security.register(peer, close);
  }
}
