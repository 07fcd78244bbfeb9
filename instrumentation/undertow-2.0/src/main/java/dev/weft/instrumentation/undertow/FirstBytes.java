package dev.weft.instrumentation.undertow;

import dev.weft.bootstrap.CallDepth;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.Speech;
import io.undertow.UndertowOptions;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * Listens to a new connection until it is clear what it speaks, then hands it to its listener: as
 * it is, or with TLS below. Waits as XNIO waits, so that half a hello holds no thread, and for as
 * long as the listener waits for a request. Used by the connection's I/O thread.
 */
final class FirstBytes implements ChannelListener<ConduitStreamSourceChannel> {
  private static final String HANDING_OVER = "dev.weft.undertow.handing-over";
  private static final int PATIENCE_MILLIS = 60_000;

  private final HttpOpenListener listener;
  private final StreamConnection connection;
  private final int port;
  private final SecuredConnections secured;
  private final ConnectionPolicy policy;
  private @Nullable PooledByteBuffer heard;
  private XnioExecutor.@Nullable Key patience;

  FirstBytes(
      HttpOpenListener listener,
      StreamConnection connection,
      int port,
      SecuredConnections secured) {
    this.listener = listener;
    this.connection = connection;
    this.port = port;
    this.secured = secured;
    this.policy = secured.policy();
  }

  /** Whether this thread is giving a connection back to its listener. */
  static boolean isHandingOver() {
    return CallDepth.depth(HANDING_OVER) > 0;
  }

  /**
   * Begins to listen.
   *
   * @param before what was read already, ready to be read; null for nothing
   */
  void begin(@Nullable PooledByteBuffer before) {
    if (before != null && before.getBuffer().hasRemaining()) {
      before.getBuffer().compact();
      heard = before;
    } else if (before != null) {
      before.close();
    }
    connection.getSourceChannel().setReadListener(this);
    handleEvent(connection.getSourceChannel());
  }

  @Override
  public void handleEvent(ConduitStreamSourceChannel source) {
    try {
      listen(source);
    } catch (IOException | RuntimeException | Error e) {
      end();
    }
  }

  private void listen(ConduitStreamSourceChannel source) throws IOException {
    PooledByteBuffer buffer = heard != null ? heard : listener.getBufferPool().allocate();
    heard = buffer;
    ByteBuffer bytes = buffer.getBuffer();
    boolean ended = source.read(bytes) < 0;
    Speech speech = Speech.of(bytes);
    if (ended && speech != Speech.PLAINTEXT) {
      end();
    } else if (speech == Speech.UNKNOWN) {
      startWaiting(bytes.position() > 0);
      forgetNothing();
      source.resumeReads();
    } else {
      decide(speech);
    }
  }

  /** A connection that has said nothing costs no buffer. */
  private void forgetNothing() {
    PooledByteBuffer buffer = heard;
    if (buffer != null && buffer.getBuffer().position() == 0) {
      heard = null;
      buffer.close();
    }
  }

  private void decide(Speech speech) throws IOException {
    SSLEngine engine = speech == Speech.TLS ? policy.engine(port, false) : null;
    if (engine == null) {
      policy.requirePlaintext(port);
    }
    stopWaiting();
    connection.getSourceChannel().suspendReads();
    connection.getSourceChannel().setReadListener(null);
    PooledByteBuffer buffer = heard;
    heard = null;
    if (buffer == null) {
      throw new IllegalStateException("decided on nothing");
    }
    buffer.getBuffer().flip();
    if (engine == null) {
      handOver(connection, buffer);
    } else {
      startWaiting(true);
      new Handshake(this, secured, connection, engine, buffer).begin();
    }
  }

  /** The listener takes the connection, and what was read of it. */
  void handOver(StreamConnection to, PooledByteBuffer read) {
    stopWaiting();
    CallDepth.enter(HANDING_OVER);
    try {
      listener.handleEvent(to, read);
    } finally {
      CallDepth.leave(HANDING_OVER);
    }
  }

  /** A buffer of the listener's. */
  PooledByteBuffer buffer() {
    return listener.getBufferPool().allocate();
  }

  /** The client did its part; it has as long for the next. */
  void waitAnew() {
    stopWaiting();
    startWaiting(true);
  }

  /** Waits for the client; for a silent one as long as the listener would. */
  private void startWaiting(boolean begun) {
    OptionMap options = listener.getUndertowOptions();
    int millis = options.get(UndertowOptions.NO_REQUEST_TIMEOUT, begun ? PATIENCE_MILLIS : 0);
    if (patience == null && millis > 0) {
      patience = connection.getIoThread().executeAfter(this::end, millis, TimeUnit.MILLISECONDS);
    }
  }

  /** The client is not served. */
  void end() {
    stopWaiting();
    PooledByteBuffer buffer = heard;
    heard = null;
    if (buffer != null) {
      buffer.close();
    }
    IoUtils.safeClose(connection);
  }

  private void stopWaiting() {
    XnioExecutor.Key key = patience;
    patience = null;
    if (key != null) {
      key.remove();
    }
  }
}
