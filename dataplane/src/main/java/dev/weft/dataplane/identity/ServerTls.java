package dev.weft.dataplane.identity;

import dev.weft.dataplane.Detached;
import java.util.Collections;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * Mesh TLS of a port that takes it. Every client has to show an SVID, and to say by ALPN that it is
 * of the mesh. Thread-safe.
 */
public final class ServerTls {
  /**
   * Takes every name. Without a matcher JSSE resumes a session under another name than it was made
   * under, which RFC 6066, section 3, forbids, and tells that one's name.
   */
  private static final SNIMatcher ANY_NAME =
      new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
        @Override
        public boolean matches(SNIServerName serverName) {
          return true;
        }
      };

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
    parameters.setSNIMatchers(Collections.singleton(ANY_NAME));
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

  /**
   * Which server the client asked for (SNI). Call it after a handshake; a session is only resumed
   * under the name that it was made under.
   *
   * @return in lower case; null when it asked for none
   */
  public @Nullable String serverName(SSLEngine engine) {
    SSLSession session = engine.getSession();
    if (session instanceof ExtendedSSLSession) {
      for (SNIServerName each : ((ExtendedSSLSession) session).getRequestedServerNames()) {
        if (each.getType() == StandardConstants.SNI_HOST_NAME) {
          return new SNIHostName(each.getEncoded()).getAsciiName().toLowerCase(Locale.ROOT);
        }
      }
    }
    return null;
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
