package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.Speech;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * The mesh's side of one channel, whichever way it does its I/O: what its client speaks, who that
 * is, and that each handshake is counted once.
 *
 * <p>Used by one thread at a time, as all of Tomcat's channels.
 */
final class ChannelSecurity {
  /** Stands for Tomcat's TLS buffers, while a connection has none. */
  static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final AbstractEndpoint<?> endpoint;
  private final ConnectionPolicy policy;
  private Speech speech = Speech.UNKNOWN;
  private @Nullable MeshConnection connection;
  private @Nullable Runnable deregistration;

  /** Whether a handshake has begun and not ended. */
  private boolean shaking;

  ChannelSecurity(AbstractEndpoint<?> endpoint, ConnectionPolicy policy) {
    this.endpoint = endpoint;
    this.policy = policy;
  }

  /** Who is at the other end; null until that is known. */
  @Nullable MeshConnection connection() {
    return connection;
  }

  /** What the client speaks, as far as it has been heard. */
  Speech speech() {
    return speech;
  }

  /** Whether the bytes on the wire are those of TLS. */
  boolean isTls() {
    return speech == Speech.TLS;
  }

  /**
   * Decides how to go on, if what has been heard is enough. Plaintext is admitted at once.
   *
   * @param heard bytes from 0 to its position; not changed
   * @param ended whether the client will say no more
   * @return the engine for a client that speaks TLS; null for one in plaintext, or while unknown
   */
  @Nullable SSLEngine judge(ByteBuffer heard, boolean ended) throws IOException {
    if (ended && heard.position() > 0) {
      throw new EOFException("the client left in the middle of its ClientHello");
    }
    Speech told = ended ? Speech.PLAINTEXT : Speech.of(heard);
    SSLEngine engine = null;
    if (told == Speech.TLS) {
      engine = policy.engine(endpoint.getLocalPort(), Http2Offer.of(endpoint));
      shaking = engine != null;
      told = engine == null ? Speech.PLAINTEXT : Speech.TLS;
    }
    if (told == Speech.PLAINTEXT) {
      if (!ended) {
        policy.requirePlaintext(endpoint.getLocalPort());
      }
      connection = MeshConnection.UNSECURED;
    }
    speech = told;
    return engine;
  }

  /** Takes what was heard out of Tomcat's read buffer, for the engine. */
  static ByteBuffer takeHello(SocketBufferHandler buffers, SSLSession session) {
    buffers.configureReadBufferForRead();
    ByteBuffer hello = buffers.getReadBuffer();
    // One record more than was heard, so that the buffer is never full without a whole record.
    ByteBuffer taken = ByteBuffer.allocate(hello.remaining() + session.getPacketBufferSize());
    taken.put(hello);
    buffers.configureReadBufferForWrite();
    buffers.expand(session.getApplicationBufferSize());
    return taken;
  }

  /** A buffer for records to send, with none in it. */
  static ByteBuffer nothingToSend(SSLSession session) {
    ByteBuffer out = ByteBuffer.allocate(session.getPacketBufferSize());
    out.limit(0);
    return out;
  }

  /**
   * A handshake has come to its end: admits the client, if it is to be trusted.
   *
   * @param cut ends the connection, on any thread, without closing Tomcat's channel
   */
  void admit(SSLEngine engine, SocketWrapperBase<?> socket, Runnable cut) throws IOException {
    MeshConnection verified = policy.verify(engine);
    deregistration = policy.register(verified, cut);
    settle(engine, socket);
    connection = verified;
    concluded(HandshakeResult.OK);
  }

  /** Adapts Tomcat's idea of the connection to a client that comes with many requests. */
  private void settle(SSLEngine engine, SocketWrapperBase<?> socket) {
    // Tomcat closes a connection whose ALPN protocol it does not know, such as our own.
    boolean http2 = Alpn.HTTP_2.equals(Alpn.negotiated(engine));
    socket.setNegotiatedProtocol(http2 ? Alpn.HTTP_2 : null);
    if (endpoint.getMaxKeepAliveRequests() > 1) {
      // The default of 100 means a handshake every 100 requests, which plaintext never felt.
      socket.setKeepAliveLeft(Integer.MAX_VALUE);
    }
  }

  /** A handshake has failed. */
  void failed(Exception reason) {
    concluded(HandshakeResult.of(reason));
  }

  /** The connection is over. */
  void closed() {
    concluded(HandshakeResult.CONNECTION);
    Runnable registered = deregistration;
    deregistration = null;
    if (registered != null) {
      registered.run();
    }
  }

  /** Makes ready for the channel's next connection. */
  void forget() {
    closed();
    speech = Speech.UNKNOWN;
    connection = null;
  }

  /** Counts the handshake, once; a second end of it, such as the close that follows, is none. */
  private void concluded(HandshakeResult result) {
    if (shaking) {
      shaking = false;
      policy.concluded(result);
    }
  }

  /** One direction of a connection that ends. */
  interface Ending {
    void end() throws IOException;
  }

  /**
   * Ends both directions, and leaves the closing to Tomcat: it sees the end as if the client had
   * left. Closing the channel here would take it from a worker that is using it, and leave Tomcat's
   * count of connections wrong.
   */
  static Runnable cut(Ending input, Ending output) {
    return () -> {
      try {
        input.end();
        output.end();
      } catch (IOException e) {
        // It is closed already.
      }
    };
  }
}
