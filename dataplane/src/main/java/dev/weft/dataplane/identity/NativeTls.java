package dev.weft.dataplane.identity;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What one TLS handshake needs that a library makes inside its own protocol: our SVID to show, and
 * our judgement of the server. For one connection, so that no session is resumed past that
 * judgement. Thread-safe.
 */
public final class NativeTls {
  private final TransportSecurity transport;
  private final TrustGeneration generation;
  private final @Nullable String expected;
  private final SSLContext context;
  private final Runnable close = this::closeSocket;
  private volatile @Nullable PeerIdentity peer;
  private volatile @Nullable Socket socket;
  private volatile @Nullable Runnable forget;

  private NativeTls(
      TransportSecurity transport, TrustGeneration generation, @Nullable String expected)
      throws GeneralSecurityException {
    this.transport = transport;
    this.generation = generation;
    this.expected = expected;
    this.context = SSLContext.getInstance("TLS");
    context.init(keyManagers(), trustManagers(), null);
  }

  static NativeTls of(
      TransportSecurity transport, TrustGeneration generation, @Nullable String expected)
      throws SSLException {
    try {
      return new NativeTls(transport, generation, expected);
    } catch (GeneralSecurityException e) {
      throw new SSLException("no TLS context", e);
    }
  }

  /** Shows our SVID. */
  public KeyManager[] keyManagers() {
    return new KeyManager[] {generation.ownKey()};
  }

  /** Accepts the server that is expected, and remembers it. */
  public TrustManager[] trustManagers() {
    return new TrustManager[] {new Judge()};
  }

  /** Both together; of this connection alone. */
  public SSLContext context() {
    return context;
  }

  /**
   * The library has connected. From now on the connection is closed when the server loses our
   * trust; whoever keeps the connection must keep this, too, and {@link #end} it.
   *
   * @return false when the library has not used this: then the connection is not secured
   */
  public boolean begin() {
    PeerIdentity server = peer;
    if (server == null) {
      return false;
    }
    forget = transport.registerWeakly(server, close);
    transport.handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.OK);
    return true;
  }

  /** The connection is closed. */
  public void end() {
    Runnable registered = forget;
    if (registered != null) {
      registered.run();
    }
  }

  private void closeSocket() {
    Socket open = socket;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // It is of no use any more, which is what was wanted.
      return;
    }
  }

  private void judge(X509Certificate[] chain, @Nullable Socket from) throws CertificateException {
    PeerIdentity server = generation.validate(chain, expected);
    socket = from;
    peer = server;
  }

  private final class Judge extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket from)
        throws CertificateException {
      judge(chain, from);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      judge(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      judge(chain, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket from)
        throws CertificateException {
      throw new CertificateException("no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
