package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.Speech;
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
 * A connection of an NIO connector that speaks mesh mTLS or plaintext, as its first bytes say.
 *
 * <p>It is a {@link SecureNioChannel}, because Tomcat sends files past any other kind of channel
 * straight to the socket; Tomcat's own TLS code then drives our engine. Until the first record of a
 * ClientHello is complete its bytes wait in Tomcat's read buffer, so that an idle half hello costs
 * no more than an idle plaintext connection, ends by the connector's own timeout, and holds no
 * thread. Plaintext is left in that buffer, where Tomcat looks first.
 *
 * <p>Used by one thread at a time, as all of Tomcat's channels.
 */
final class MeshNioChannel extends SecureNioChannel implements MeshChannel {
  private final ChannelSecurity security;
  private @Nullable SocketWrapperBase<?> wrapper;

  /** For a Tomcat of {@link ChannelShape#PLAIN}. */
  MeshNioChannel(SocketBufferHandler buffers, NioEndpoint endpoint, ConnectionPolicy policy) {
    super(buffers, endpoint);
    this.security = new ChannelSecurity(endpoint, policy);
    dropTlsBuffers();
  }

  /** For a Tomcat of {@link ChannelShape#POOL}, whose pool is not null. */
  MeshNioChannel(
      SocketBufferHandler buffers,
      @Nullable NioSelectorPool pool,
      NioEndpoint endpoint,
      ConnectionPolicy policy) {
    super(buffers, pool, endpoint);
    this.security = new ChannelSecurity(endpoint, policy);
    dropTlsBuffers();
  }

  /**
   * For a Tomcat of {@link ChannelShape#SOCKET_AND_POOL}.
   *
   * @param socket null: the endpoint sets it on each channel it takes from its stack
   */
  @SuppressWarnings("NullAway") // as said of the socket
  MeshNioChannel(
      @Nullable SocketChannel socket,
      SocketBufferHandler buffers,
      @Nullable NioSelectorPool pool,
      NioEndpoint endpoint,
      ConnectionPolicy policy) {
    super(socket, buffers, pool, endpoint);
    this.security = new ChannelSecurity(endpoint, policy);
    dropTlsBuffers();
  }

  @Override
  public @Nullable MeshConnection connection() {
    return security.connection();
  }

  @Override
  public void ended() {
    security.closed();
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
    security.forget();
    dropTlsBuffers();
    wrapper = null;
  }

  /** Frees Tomcat's buffers; ours are on the heap. */
  @Override
  public void free() {
    getBufHandler().free();
  }

  @Override
  public boolean isHandshakeComplete() {
    return security.connection() != null;
  }

  @Override
  public int handshake(boolean read, boolean write) throws IOException {
    if (security.speech() == Speech.UNKNOWN) {
      listen();
    }
    if (security.connection() != null) {
      return 0;
    }
    return security.isTls() ? secure(read, write) : SelectionKey.OP_READ;
  }

  /** Reads what has arrived and decides how to go on, if that is enough. */
  private void listen() throws IOException {
    getBufHandler().configureReadBufferForWrite();
    ByteBuffer heard = getBufHandler().getReadBuffer();
    boolean ended = sc.read(heard) < 0;
    SSLEngine engine = security.judge(heard, ended);
    if (engine != null) {
      begin(engine);
    }
  }

  /** Hands what was heard to the engine; {@link SecureNioChannel} goes on from there. */
  private void begin(SSLEngine engine) throws SSLException {
    netInBuffer = ChannelSecurity.takeHello(getBufHandler(), engine.getSession());
    netOutBuffer = ChannelSecurity.nothingToSend(engine.getSession());
    sslEngine = engine;
    sniComplete = true;
    engine.beginHandshake();
    handshakeStatus = engine.getHandshakeStatus();
  }

  private int secure(boolean read, boolean write) throws IOException {
    try {
      int next = super.handshake(read, write);
      if (next == 0) {
        // Tomcat hands the wrapper to reset, or lets us ask for it once the socket is registered.
        SocketWrapperBase<?> socket =
            wrapper != null ? wrapper : (SocketWrapperBase<?>) getAttachment();
        security.admit(
            sslEngine, socket, ChannelSecurity.cut(sc::shutdownInput, sc::shutdownOutput));
      }
      return next;
    } catch (IOException | RuntimeException e) {
      security.failed(e);
      throw e;
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
    return security.isTls() ? super.read(to) : sc.read(to);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    return security.isTls() ? super.read(to, offset, length) : sc.read(to, offset, length);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (security.isTls()) {
      return super.write(from);
    }
    checkInterruptStatus();
    return sc.write(from);
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    if (security.isTls()) {
      return super.write(from, offset, length);
    }
    checkInterruptStatus();
    return sc.write(from, offset, length);
  }

  @Override
  public void close() throws IOException {
    security.closed();
    if (security.isTls()) {
      super.close();
    } else {
      sc.close();
    }
  }

  @Override
  public void close(boolean force) throws IOException {
    security.closed();
    if (security.isTls()) {
      super.close(force);
    } else if (isOpen() || force) {
      sc.close();
    }
  }

  private void dropTlsBuffers() {
    sslEngine = null;
    netInBuffer = ChannelSecurity.NONE;
    netOutBuffer = ChannelSecurity.NONE;
  }
}
