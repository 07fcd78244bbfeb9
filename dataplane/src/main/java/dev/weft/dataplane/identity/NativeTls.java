package dev.weft.dataplane.identity;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
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
    return new TrustManager[] {new Judge(generation, expected)};
  }

  /** Both together; of this connection alone. */
  public SSLContext context() {
    return context;
  }

  /**
   * The library has connected. From now on the connection is closed when the server loses our
   * trust; whoever keeps the connection must keep this, too, and {@link #end} it.
   *
   * @return false when the library has not used this, so that the connection is not secured, or
   *     when the server lost our trust since its handshake; the library's connection is to be
   *     closed then
   */
  public boolean begin() {
    PeerIdentity server = peer;
    if (server == null) {
      return false;
    }
    if (!transport.trusts(server)) {
      closeSocket();
      transport.handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.IDENTITY);
      return false;
    }
    forget = transport.registerWeakly(server, close);
    transport.handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.OK);
    return true;
  }

  /** The library has not connected; counts it where a handshake was the reason. */
  public void failed(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        transport.handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.of(cause));
        return;
      }
    }
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
        // Otherwise it waits for whoever is writing, who may be waiting for the server.
        open.setSoLinger(true, 0);
        open.close();
      }
    } catch (IOException e) {
      // It is of no use any more, which is what was wanted.
      return;
    }
  }

  /** Remembers whom it accepted, which no session does that is made by somebody else. */
  private final class Judge extends SvidTrustManager {
    Judge(TrustGeneration generation, @Nullable String expected) {
      super(generation, expected);
    }

    @Override
    void accepted(PeerIdentity server, @Nullable Socket from) {
      socket = from;
      peer = server;
    }
  }
}
