package dev.weft.instrumentation.httpserver;

import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.Speech;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * How a connection begins: what it speaks, and the handshake when that is TLS. Goes as far as the
 * client has spoken each time it is asked, and never waits. For the dispatcher's thread.
 */
final class Greeting {
  /** Enough for a request line; more of a ClientHello goes to the engine. */
  private static final int FIRST_BYTES = 512;

  private final ConnectionPolicy policy;
  private final int port;
  private ByteBuffer heard = ByteBuffer.allocate(FIRST_BYTES);
  private @Nullable TlsStream tls;
  private @Nullable MeshConnection connection;
  private @Nullable Runnable deregistration;
  private boolean shaking;

  Greeting(ConnectionPolicy policy, int port) {
    this.policy = policy;
    this.port = port;
  }

  /**
   * Goes on.
   *
   * @param below not blocking
   * @param cut ends the connection from another thread
   * @return whether there is something of a request to read
   */
  boolean advance(SocketChannel below, Runnable cut) throws IOException {
    TlsStream stream = tls;
    if (connection != null) {
      return true;
    }
    if (stream == null) {
      stream = listen(below);
      if (stream == null) {
        return connection != null;
      }
    }
    try {
      if (!stream.shake()) {
        return false;
      }
      MeshConnection verified = policy.verify(stream.engine());
      deregistration = policy.register(verified, cut);
      connection = verified;
      concluded(HandshakeResult.OK);
      return stream.holdsData();
    } catch (IOException | RuntimeException e) {
      concluded(HandshakeResult.of(e));
      throw e;
    }
  }

  /** Answers null when it is not TLS, or not known yet. */
  private @Nullable TlsStream listen(SocketChannel below) throws IOException {
    boolean ended = below.read(heard) < 0;
    Speech speech = Speech.of(heard);
    if (ended && speech != Speech.PLAINTEXT) {
      throw new EOFException("the client left before it said what it speaks");
    }
    if (speech == Speech.UNKNOWN) {
      return null;
    }
    SSLEngine engine = speech == Speech.TLS ? policy.engine(port, false) : null;
    heard.flip();
    if (engine == null) {
      policy.requirePlaintext(port);
      connection = MeshConnection.UNSECURED;
      return null;
    }
    TlsStream stream = new TlsStream(engine, below, heard);
    heard = ByteBuffer.allocate(0);
    shaking = true;
    tls = stream;
    return stream;
  }

  /** Who is at the other end; null before that is known. */
  @Nullable MeshConnection connection() {
    return connection;
  }

  /** TLS of the connection, null for plaintext. */
  @Nullable TlsStream tls() {
    return tls;
  }

  /** What was read of a client that speaks plaintext. */
  ByteBuffer heard() {
    return heard;
  }

  /** The connection is closed. */
  void forget() {
    concluded(HandshakeResult.CONNECTION);
    Runnable registered = deregistration;
    if (registered != null) {
      registered.run();
    }
  }

  private void concluded(HandshakeResult result) {
    if (shaking) {
      shaking = false;
      policy.concluded(result);
    }
  }
}
