package dev.weft.dataplane.outbound;

import dev.weft.dataplane.identity.ForwardingSocket;
import dev.weft.dataplane.identity.TransportSecurity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A socket for clients that make theirs unconnected and connect it themselves: it goes to the
 * instance of an attempt wherever it is told to go, and is secured when {@code connect} returns. As
 * thread-safe as a socket is; {@code close} from any thread ends connecting too.
 */
public final class AttemptSocket extends ForwardingSocket {
  private final TransportSecurity transport;
  private volatile @Nullable Attempt attempt;
  private final Socket plain;
  private final String alpn;
  private volatile Socket current;

  private AttemptSocket(TransportSecurity transport, Attempt attempt, Socket plain, String alpn) {
    this.transport = transport;
    this.attempt = attempt;
    this.plain = plain;
    this.alpn = alpn;
    this.current = plain;
  }

  /**
   * A socket for an attempt.
   *
   * @param plain not connected, as the client makes its sockets
   * @param alpn what the client is going to speak
   */
  public static AttemptSocket of(
      TransportSecurity transport, Attempt attempt, Socket plain, String alpn) {
    return new AttemptSocket(transport, attempt, plain, alpn);
  }

  @Override
  protected Socket to() {
    return current;
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    connect(endpoint, 0);
  }

  /**
   * Connects to the instance.
   *
   * @param endpoint where the client believes that it goes
   * @throws SocketTimeoutException when it took longer than policy or {@code timeout} allows
   */
  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    Attempt to = attempt;
    if (to == null) {
      throw new SocketException("already connected");
    }
    // Sockets live longer than attempts, which know the call that they belong to.
    attempt = null;
    InstanceSocket.connect(transport, to, timeout, new Owner());
  }

  @Override
  public void bind(SocketAddress local) throws IOException {
    plain.bind(local);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return current.getInputStream();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return current.getOutputStream();
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // as in LayeredSocket
  public void close() throws IOException {
    current.close();
  }

  @Override
  public void shutdownInput() throws IOException {
    current.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    current.shutdownOutput();
  }

  @Override
  public synchronized void setSoTimeout(int timeout) throws SocketException {
    current.setSoTimeout(timeout);
  }

  @Override
  public synchronized int getSoTimeout() throws SocketException {
    return current.getSoTimeout();
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    current.sendUrgentData(data);
  }

  @Override
  public boolean isClosed() {
    return current.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return current.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return current.isOutputShutdown();
  }

  @Override
  public String toString() {
    return current.toString();
  }

  private final class Owner implements InstanceSocket.Owner {
    @Override
    public Socket create() {
      return plain;
    }

    /** It is held already, so that {@link #close} reaches it. */
    @Override
    public void hold(Socket socket) {}

    @Override
    public String alpn() {
      return alpn;
    }

    /** The client has set its options before. */
    @Override
    public void configure(Socket socket) {}

    @Override
    public void ready(Socket socket) throws IOException {
      current = socket;
      if (plain.isClosed()) {
        socket.close();
        throw new SocketException("Socket closed");
      }
    }
  }
}
