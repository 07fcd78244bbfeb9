package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.Speech;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioSelectorPool;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks mesh mTLS or plaintext, as its first bytes say.
 *
 * <p>It is a {@link SecureNioChannel}, because Tomcat sends files past any other kind of channel
 * straight to the socket; Tomcat's own TLS code then drives our engine. Until the first record of a
 * ClientHello is complete its bytes wait in Tomcat's read buffer, so that an idle half hello costs
 * no more than an idle plaintext connection, ends by the connector's own timeout, and holds no
 * thread. Plaintext is left in that buffer, where Tomcat looks first.
 *
 * <p>Used by one thread at a time, as all of Tomcat's channels.
 */
final class MeshChannel extends SecureNioChannel {
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final NioEndpoint endpoint;
  private final ConnectionPolicy policy;
  private Speech speech = Speech.UNKNOWN;
  private @Nullable MeshConnection connection;
  private @Nullable Runnable deregistration;

  /** Whether a handshake has begun and not ended. */
  private boolean shaking;

  private @Nullable SocketWrapperBase<?> wrapper;

  /** For a Tomcat of {@link ChannelShape#PLAIN}. */
  MeshChannel(SocketBufferHandler buffers, NioEndpoint endpoint, ConnectionPolicy policy) {
    super(buffers, endpoint);
    this.endpoint = endpoint;
    this.policy = policy;
    dropTlsBuffers();
  }

  /** For a Tomcat of {@link ChannelShape#POOL}, whose pool is not null. */
  MeshChannel(
      SocketBufferHandler buffers,
      @Nullable NioSelectorPool pool,
      NioEndpoint endpoint,
      ConnectionPolicy policy) {
    super(buffers, pool, endpoint);
    this.endpoint = endpoint;
    this.policy = policy;
    dropTlsBuffers();
  }

  /**
   * For a Tomcat of {@link ChannelShape#SOCKET_AND_POOL}.
   *
   * @param socket null: the endpoint sets it on each channel it takes from its stack
   */
  @SuppressWarnings("NullAway") // as said of the socket
  MeshChannel(
      @Nullable SocketChannel socket,
      SocketBufferHandler buffers,
      @Nullable NioSelectorPool pool,
      NioEndpoint endpoint,
      ConnectionPolicy policy) {
    super(socket, buffers, pool, endpoint);
    this.endpoint = endpoint;
    this.policy = policy;
    dropTlsBuffers();
  }

  /** Who is at the other end; null until that is known. */
  @Nullable MeshConnection connection() {
    return connection;
  }

  @Override
  public void reset(SocketChannel channel, NioEndpoint.NioSocketWrapper itsWrapper)
      throws IOException {
    forget();
    super.reset(channel, itsWrapper);
    wrapper = itsWrapper;
  }

  @Override
  public void reset() throws IOException {
    forget();
    super.reset();
  }

  private void forget() {
    deregister();
    dropTlsBuffers();
    speech = Speech.UNKNOWN;
    connection = null;
    wrapper = null;
  }

  /** Frees Tomcat's buffers; ours are on the heap. */
  @Override
  public void free() {
    getBufHandler().free();
  }

  @Override
  public boolean isHandshakeComplete() {
    return connection != null;
  }

  @Override
  public int handshake(boolean read, boolean write) throws IOException {
    if (connection != null) {
      return 0;
    }
    if (speech == Speech.UNKNOWN) {
      listen();
    }
    switch (speech) {
      case UNKNOWN:
        return SelectionKey.OP_READ;
      case PLAINTEXT:
        connection = MeshConnection.UNSECURED;
        return 0;
      default:
        return secure(read, write);
    }
  }

  /** Reads what has arrived and decides how to go on, if that is enough. */
  private void listen() throws IOException {
    getBufHandler().configureReadBufferForWrite();
    ByteBuffer heard = getBufHandler().getReadBuffer();
    boolean ended = sc.read(heard) < 0;
    if (ended && heard.position() > 0) {
      throw new EOFException("the client left in the middle of its ClientHello");
    }
    Speech told = ended ? Speech.PLAINTEXT : Speech.of(heard);
    if (told == Speech.TLS) {
      SSLEngine engine = policy.engine(endpoint.getLocalPort(), Http2Offer.of(endpoint));
      if (engine == null) {
        told = Speech.PLAINTEXT;
      } else {
        begin(engine);
      }
    }
    if (told == Speech.PLAINTEXT && !ended) {
      policy.requirePlaintext(endpoint.getLocalPort());
    }
    speech = told;
  }

  /** Hands what was heard to the engine; {@link SecureNioChannel} goes on from there. */
  private void begin(SSLEngine engine) throws SSLException {
    SocketBufferHandler buffers = getBufHandler();
    buffers.configureReadBufferForRead();
    ByteBuffer hello = buffers.getReadBuffer();
    // One record more than was heard, so that the buffer is never full without a whole record.
    netInBuffer =
        ByteBuffer.allocate(hello.remaining() + engine.getSession().getPacketBufferSize());
    netInBuffer.put(hello);
    netOutBuffer = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    netOutBuffer.limit(0);
    buffers.configureReadBufferForWrite();
    buffers.expand(engine.getSession().getApplicationBufferSize());
    sslEngine = engine;
    shaking = true;
    sniComplete = true;
    engine.beginHandshake();
    handshakeStatus = engine.getHandshakeStatus();
  }

  private int secure(boolean read, boolean write) throws IOException {
    try {
      return proceed(read, write);
    } catch (IOException | RuntimeException e) {
      concluded(HandshakeResult.of(e));
      throw e;
    }
  }

  private int proceed(boolean read, boolean write) throws IOException {
    int next = super.handshake(read, write);
    if (next == 0) {
      PeerIdentity peer = policy.verify(sslEngine);
      deregistration = policy.register(peer, cut(sc));
      // Tomcat hands the wrapper to reset, or lets us ask for it once the socket is registered.
      SocketWrapperBase<?> socket =
          wrapper != null ? wrapper : (SocketWrapperBase<?>) getAttachment();
      settle(socket);
      connection = MeshConnection.secured(peer, policy.ageLimitNanos());
      concluded(HandshakeResult.OK);
    }
    return next;
  }

  /** Adapts Tomcat's idea of the connection to a client that comes with many requests. */
  private void settle(SocketWrapperBase<?> socket) {
    // Tomcat closes a connection whose ALPN protocol it does not know, such as our own.
    boolean http2 = Alpn.HTTP_2.equals(Alpn.negotiated(sslEngine));
    socket.setNegotiatedProtocol(http2 ? Alpn.HTTP_2 : null);
    if (endpoint.getMaxKeepAliveRequests() > 1) {
      // The default of 100 means a handshake every 100 requests, which plaintext never felt.
      socket.setKeepAliveLeft(Integer.MAX_VALUE);
    }
  }

  /**
   * Ends both directions, and leaves the closing to Tomcat: it sees the end as if the client had
   * left. Closing the channel here would take it from a worker that is using it, and leave Tomcat's
   * count of connections wrong.
   */
  private static Runnable cut(SocketChannel channel) {
    return () -> {
      try {
        channel.shutdownInput();
        channel.shutdownOutput();
      } catch (IOException e) {
        // It is closed already.
      }
    };
  }

  /** Counts the handshake, once; a second end of it, such as the close that follows, is none. */
  private void concluded(HandshakeResult result) {
    if (shaking) {
      shaking = false;
      policy.concluded(result);
    }
  }

  /** The application's own view of the connection stays as it is: no TLS attributes. */
  @Override
  public @Nullable SSLSupport getSSLSupport() {
    return null;
  }

  /** The same for older versions, which make their TLS attributes from the engine. */
  @Override
  public @Nullable SSLEngine getSslEngine() {
    return null;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return speech == Speech.TLS ? super.read(to) : sc.read(to);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    return speech == Speech.TLS ? super.read(to, offset, length) : sc.read(to, offset, length);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (speech == Speech.TLS) {
      return super.write(from);
    }
    checkInterruptStatus();
    return sc.write(from);
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    if (speech == Speech.TLS) {
      return super.write(from, offset, length);
    }
    checkInterruptStatus();
    return sc.write(from, offset, length);
  }

  @Override
  public void close() throws IOException {
    deregister();
    if (speech == Speech.TLS) {
      super.close();
    } else {
      sc.close();
    }
  }

  @Override
  public void close(boolean force) throws IOException {
    deregister();
    if (speech == Speech.TLS) {
      super.close(force);
    } else if (isOpen() || force) {
      sc.close();
    }
  }

  private void deregister() {
    concluded(HandshakeResult.CONNECTION);
    Runnable registered = deregistration;
    deregistration = null;
    if (registered != null) {
      registered.run();
    }
  }

  private void dropTlsBuffers() {
    sslEngine = null;
    netInBuffer = NONE;
    netOutBuffer = NONE;
  }
}
