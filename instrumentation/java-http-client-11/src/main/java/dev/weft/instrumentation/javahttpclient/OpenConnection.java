package dev.weft.instrumentation.javahttpclient;

import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.identity.TransportSecurity;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What the mesh remembers of a secured connection while it is open, so that it can close the
 * connection when the server loses our trust. Holds the client's connection weakly. Thread-safe.
 */
final class OpenConnection {
  private final TransportSecurity transport;
  private final ClientTls tls;

  /** Held, because the mesh remembers it weakly. */
  private final Runnable closing = this::close;

  private @Nullable WeakReference<Object> connection;
  private @Nullable Consumer<Object> closer;
  private @Nullable Runnable forget;
  private boolean closed;
  private boolean handshakeOver;

  OpenConnection(TransportSecurity transport, ClientTls tls) {
    this.transport = transport;
    this.tls = tls;
  }

  /** Says which connection of the client this is, before its handshake begins. */
  synchronized void is(Object clientConnection, Consumer<Object> close) {
    connection = new WeakReference<>(clientConnection);
    closer = close;
  }

  /**
   * The handshake is over; again after each message that ends one.
   *
   * @throws SSLException when the server is not the one expected
   */
  void judge(SSLSession session) throws SSLException {
    Runnable registered = transport.judge(session, tls, closing);
    handshakeOver(HandshakeResult.OK);
    Runnable obsolete;
    synchronized (this) {
      obsolete = closed ? registered : forget;
      forget = closed ? null : registered;
    }
    if (obsolete != null) {
      obsolete.run();
    }
  }

  /** The handshake failed, unless it was over already. */
  void handshakeFailed(Throwable failure) {
    handshakeOver(HandshakeResult.of(failure));
  }

  /** Told once: TLS 1.3 ends its handshake with more than one message. */
  private void handshakeOver(HandshakeResult result) {
    synchronized (this) {
      if (handshakeOver) {
        return;
      }
      handshakeOver = true;
    }
    transport.handshake(tls, result);
  }

  /** The connection is closed, by whomever. */
  void closed() {
    handshakeOver(HandshakeResult.CONNECTION);
    Runnable obsolete;
    synchronized (this) {
      closed = true;
      obsolete = forget;
      forget = null;
    }
    if (obsolete != null) {
      obsolete.run();
    }
  }

  private void close() {
    Object open;
    Consumer<Object> close;
    synchronized (this) {
      open = connection == null ? null : connection.get();
      close = closer;
    }
    if (open != null && close != null) {
      close.accept(open);
    }
  }
}
