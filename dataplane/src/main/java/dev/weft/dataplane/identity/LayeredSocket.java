package dev.weft.dataplane.identity;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A secured connection that looks like a plain socket to the client library. Thread-safe as a
 * socket is: one reader and one writer.
 */
final class LayeredSocket extends ForwardingSocket {
  private final Socket plain;
  private final SSLSocket secured;
  private final String peer;
  private final LayeredOutput out;
  private final LayeredInput in;
  private final Runnable closer;
  private final Runnable forget;

  private LayeredSocket(
      Socket plain,
      SSLSocket secured,
      String peer,
      Function<Runnable, Runnable> register,
      boolean collecting)
      throws IOException {
    this.plain = plain;
    this.secured = secured;
    this.peer = peer;
    this.out = new LayeredOutput(secured.getOutputStream(), collecting);
    this.closer = () -> abort(plain);
    this.in = new LayeredInput(secured.getInputStream(), out, peer, closer);
    this.forget = register.apply(closer);
  }

  @Override
  protected Socket to() {
    return plain;
  }

  /** Takes over the connection and registers it until it is closed, or forgotten unclosed. */
  static LayeredSocket of(
      Socket plain,
      SSLSocket secured,
      PeerIdentity peer,
      LiveConnections connections,
      boolean collecting)
      throws IOException {
    return new LayeredSocket(
        plain,
        secured,
        peer.toString(),
        closer -> connections.addWeakly(peer, closer)::remove,
        collecting);
  }

  /** Takes over a connection to a server outside the mesh, of which nobody is told later on. */
  static LayeredSocket outside(
      Socket plain, SSLSocket secured, String serverName, boolean collecting) throws IOException {
    return new LayeredSocket(plain, secured, serverName, closer -> () -> {}, collecting);
  }

  /** Without a TLS goodbye, which could wait for a writer. */
  private static void abort(Socket plain) {
    try {
      plain.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    return in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    return out;
  }

  /**
   * Closes at once, also while another thread is stuck in a write: that is how clients abort, and a
   * TLS goodbye would wait for that writer.
   */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public void close() throws IOException {
    forget.run();
    try {
      if (isClosed() || !out.trySend()) {
        plain.close();
      }
    } catch (IOException e) {
      // The peer is gone: what was left to send has no reader, and the sockets are closed below.
    } finally {
      secured.close();
      plain.close();
    }
  }

  @Override
  public void shutdownOutput() throws IOException {
    out.send();
    secured.shutdownOutput();
  }

  @Override
  public void shutdownInput() throws IOException {
    secured.shutdownInput();
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    throw new SocketException("already connected");
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    throw new SocketException("already connected");
  }

  @Override
  public void bind(SocketAddress bindpoint) throws IOException {
    throw new SocketException("already bound");
  }

  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  @Override
  public synchronized void setSoTimeout(int timeout) throws SocketException {
    secured.setSoTimeout(timeout);
  }

  @Override
  public synchronized int getSoTimeout() throws SocketException {
    return secured.getSoTimeout();
  }

  /** TLS has no urgent data. */
  @Override
  public void sendUrgentData(int data) throws IOException {
    throw new SocketException("urgent data is not supported on a secured connection");
  }

  @Override
  public boolean isClosed() {
    return secured.isClosed() || plain.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return secured.isInputShutdown() || plain.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return secured.isOutputShutdown() || plain.isOutputShutdown();
  }

  @Override
  public String toString() {
    return "secured connection with " + peer + " at " + plain.getRemoteSocketAddress();
  }
}
