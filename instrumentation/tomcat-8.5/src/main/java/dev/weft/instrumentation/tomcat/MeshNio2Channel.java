package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.Speech;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.tomcat.util.net.Nio2Channel;
import org.apache.tomcat.util.net.Nio2Endpoint;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SecureNio2Channel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * A connection of an NIO2 connector that speaks mesh mTLS or plaintext, as its first bytes say.
 *
 * <p>It listens as {@link MeshNioChannel} does, into Tomcat's read buffer and by no thread, but
 * asks for bytes and is called when some are there. Tomcat's own TLS code then drives our engine.
 *
 * <p>Used by one thread at a time, as all of Tomcat's channels.
 */
final class MeshNio2Channel extends SecureNio2Channel implements MeshChannel {
  private final ChannelSecurity security;
  private final Listener listener = new Listener();
  private @Nullable SocketWrapperBase<Nio2Channel> wrapper;

  /** Whether the client has ended its direction before anything was heard of it. */
  private boolean ended;

  /** Whether Tomcat's TLS code is running on this channel, further up the stack. */
  private boolean driving;

  MeshNio2Channel(SocketBufferHandler buffers, Nio2Endpoint endpoint, ConnectionPolicy policy) {
    super(buffers, endpoint);
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
  public void reset(AsynchronousSocketChannel channel, SocketWrapperBase<Nio2Channel> itsWrapper)
      throws IOException {
    security.forget();
    dropTlsBuffers();
    ended = false;
    super.reset(channel, itsWrapper);
    wrapper = itsWrapper;
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
  public int handshake() throws IOException {
    if (security.speech() == Speech.UNKNOWN) {
      judge();
    }
    if (security.connection() != null) {
      return 0;
    }
    return security.isTls() ? secure() : listen();
  }

  private void judge() throws IOException {
    getBufHandler().configureReadBufferForWrite();
    SSLEngine engine = security.judge(getBufHandler().getReadBuffer(), ended);
    if (engine != null) {
      begin(engine);
    }
  }

  /** Asks for more of what the client says. */
  private int listen() {
    int timeout = endpoint.getConnectionTimeout();
    sc.read(
        getBufHandler().getReadBuffer(),
        timeout > 0 ? timeout : Long.MAX_VALUE,
        TimeUnit.MILLISECONDS,
        wrapper,
        listener);
    return 1;
  }

  /** Hands what was heard to the engine; {@link SecureNio2Channel} goes on from there. */
  private void begin(SSLEngine engine) throws SSLException {
    netInBuffer = ChannelSecurity.takeHello(getBufHandler(), engine.getSession());
    netOutBuffer = ChannelSecurity.nothingToSend(engine.getSession());
    sslEngine = engine;
    sniComplete = true;
    engine.beginHandshake();
    HandshakeStatusField.set(this, engine.getHandshakeStatus());
  }

  /**
   * Has Tomcat go on with the handshake. When bytes come or go at once, it does so by calling us
   * again; the application must not run below that, or its stack traces would show our class.
   */
  private int secure() throws IOException {
    boolean nested = driving;
    driving = true;
    try {
      int next = super.handshake();
      if (next == 0 && wrapper != null) {
        security.admit(
            sslEngine, wrapper, ChannelSecurity.cut(sc::shutdownInput, sc::shutdownOutput));
        if (nested) {
          endpoint.processSocket(wrapper, SocketEvent.OPEN_READ, true);
          return 1;
        }
      }
      return next;
    } catch (IOException | RuntimeException e) {
      security.failed(e);
      throw e;
    } finally {
      driving = nested;
    }
  }

  /** The application's own view of the connection stays as it is: no TLS attributes. */
  @SuppressWarnings("MissingOverride") // versions from 8.5.77 on have it
  public @Nullable SSLSupport getSSLSupport() {
    return null;
  }

  /** The same for older versions, which make their TLS attributes from the engine. */
  @Override
  public @Nullable SSLEngine getSslEngine() {
    return null;
  }

  @Override
  public Future<Boolean> flush() {
    return security.isTls() ? super.flush() : CompletableFuture.completedFuture(true);
  }

  @Override
  public Future<Integer> read(ByteBuffer to) {
    return security.isTls() ? super.read(to) : sc.read(to);
  }

  @Override
  public <A> void read(
      ByteBuffer to,
      long timeout,
      TimeUnit unit,
      A attachment,
      CompletionHandler<Integer, ? super A> handler) {
    if (security.isTls()) {
      super.read(to, timeout, unit, attachment, handler);
    } else {
      sc.read(to, timeout, unit, attachment, handler);
    }
  }

  @Override
  public <A> void read(
      ByteBuffer[] to,
      int offset,
      int length,
      long timeout,
      TimeUnit unit,
      A attachment,
      CompletionHandler<Long, ? super A> handler) {
    if (security.isTls()) {
      super.read(to, offset, length, timeout, unit, attachment, handler);
    } else {
      sc.read(to, offset, length, timeout, unit, attachment, handler);
    }
  }

  @Override
  public Future<Integer> write(ByteBuffer from) {
    return security.isTls() ? super.write(from) : sc.write(from);
  }

  @Override
  public <A> void write(
      ByteBuffer from,
      long timeout,
      TimeUnit unit,
      A attachment,
      CompletionHandler<Integer, ? super A> handler) {
    if (security.isTls()) {
      super.write(from, timeout, unit, attachment, handler);
    } else {
      sc.write(from, timeout, unit, attachment, handler);
    }
  }

  @Override
  public <A> void write(
      ByteBuffer[] from,
      int offset,
      int length,
      long timeout,
      TimeUnit unit,
      A attachment,
      CompletionHandler<Long, ? super A> handler) {
    if (security.isTls()) {
      super.write(from, offset, length, timeout, unit, attachment, handler);
    } else {
      sc.write(from, offset, length, timeout, unit, attachment, handler);
    }
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

  /**
   * Has Tomcat go on when bytes, the end or the connector's timeout have come; on another thread,
   * for the sake of stack traces.
   */
  private final class Listener
      implements CompletionHandler<Integer, @Nullable SocketWrapperBase<Nio2Channel>> {
    @Override
    public void completed(Integer count, @Nullable SocketWrapperBase<Nio2Channel> its) {
      ended = count < 0;
      endpoint.processSocket(its, SocketEvent.OPEN_READ, true);
    }

    @Override
    public void failed(Throwable reason, @Nullable SocketWrapperBase<Nio2Channel> its) {
      endpoint.processSocket(its, SocketEvent.ERROR, true);
    }
  }
}
