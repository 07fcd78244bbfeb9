package dev.weft.instrumentation.httpserver;

import dev.weft.dataplane.inbound.MeshConnection;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a connection as the server's streams use it: what goes over it in plaintext goes
 * through TLS when the client is of the mesh. What is known of the connection lives here, and goes
 * with it. Blocking, as the server's channels are while it serves a request.
 */
final class MeshSocketChannel extends SocketChannel {
  private final SocketChannel below;
  private final @Nullable Greeting greeting;
  private final Requests requests = new Requests();

  /**
   * @param greeting null for a connection whose beginning we did not hear, or may not
   */
  MeshSocketChannel(SocketChannel below, @Nullable Greeting greeting) {
    super(below.provider());
    this.below = below;
    this.greeting = greeting;
  }

  /** Our channel of a connection that a request came on; one is made for it if it has none. */
  static MeshSocketChannel of(Internals internals, Object connection) {
    MeshSocketChannel ours = internals.channel(connection);
    if (ours == null) {
      ours = new MeshSocketChannel(internals.anyChannel(connection), null);
      internals.setChannel(connection, ours);
    }
    return ours;
  }

  /** The JDK's own channel. */
  SocketChannel below() {
    return below;
  }

  /** What is known of the connection's requests. */
  Requests requests() {
    return requests;
  }

  /** Who is at the other end; null before that is known. */
  @Nullable MeshConnection connection() {
    return greeting == null ? MeshConnection.UNSECURED : greeting.connection();
  }

  /** Hears the client out, as far as it has spoken: whether it made something of a request. */
  boolean isReady() throws IOException {
    if (greeting == null) {
      return true;
    }
    below.configureBlocking(false);
    boolean ready = greeting.advance(below, this::endBoth);
    if (ready) {
      below.configureBlocking(true);
    }
    return ready;
  }

  /** Whether a read would give something without asking the socket. */
  boolean holdsData() {
    TlsStream tls = tls();
    return tls != null ? tls.holdsData() : greeting != null && greeting.heard().hasRemaining();
  }

  /** Nothing more is read from the client. */
  void endInput() {
    try {
      below.shutdownInput();
    } catch (IOException e) {
      // It is closed already.
    }
  }

  /** The client lost the trust of the mesh: the server sees the end as if it had left. */
  private void endBoth() {
    endInput();
    try {
      below.shutdownOutput();
    } catch (IOException e) {
      // It is closed already.
    }
  }

  private @Nullable TlsStream tls() {
    return greeting == null ? null : greeting.tls();
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    TlsStream tls = tls();
    if (tls != null) {
      return tls.read(to);
    }
    ByteBuffer heard = greeting == null ? null : greeting.heard();
    if (heard == null || !heard.hasRemaining()) {
      return below.read(to);
    }
    int count = Math.min(to.remaining(), heard.remaining());
    for (int i = 0; i < count; i++) {
      to.put(heard.get());
    }
    return count;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    TlsStream tls = tls();
    return tls != null ? tls.write(from) : below.write(from);
  }

  @Override
  protected void implCloseSelectableChannel() throws IOException {
    requests.abandon();
    try {
      if (greeting != null) {
        greeting.forget();
      }
      TlsStream tls = tls();
      if (tls != null) {
        tls.end();
      }
    } catch (IOException | RuntimeException e) {
      // Nobody is left to be told.
    } finally {
      below.close();
    }
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    return length == 0 ? 0 : read(to[offset]);
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      count += write(from[i]);
    }
    return count;
  }

  /** {@link #below} has the mode that counts. */
  @Override
  protected void implConfigureBlocking(boolean block) {}

  @Override
  public SocketChannel bind(@Nullable SocketAddress local) throws IOException {
    below.bind(local);
    return this;
  }

  @Override
  public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
    below.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return below.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return below.supportedOptions();
  }

  @Override
  public SocketChannel shutdownInput() throws IOException {
    below.shutdownInput();
    return this;
  }

  @Override
  public SocketChannel shutdownOutput() throws IOException {
    below.shutdownOutput();
    return this;
  }

  @Override
  public Socket socket() {
    return below.socket();
  }

  @Override
  public boolean isConnected() {
    return below.isConnected();
  }

  @Override
  public boolean isConnectionPending() {
    return false;
  }

  @Override
  public boolean connect(SocketAddress remote) throws IOException {
    return below.connect(remote);
  }

  @Override
  public boolean finishConnect() throws IOException {
    return below.finishConnect();
  }

  @Override
  public SocketAddress getRemoteAddress() throws IOException {
    return below.getRemoteAddress();
  }

  @Override
  public SocketAddress getLocalAddress() throws IOException {
    return below.getLocalAddress();
  }
}
