package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.identity.ServerTls;
import dev.weft.dataplane.inbound.InboundDriver;
import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** What the mesh asks of a connection to one of Tomcat's ports. Thread-safe. */
final class ConnectionPolicy {
  /** How long a meshed connection may live: as long as Istio's inbound listeners let it drain. */
  private static final long MAX_AGE_NANOS = TimeUnit.MINUTES.toNanos(60);

  private final InboundDriver driver;
  private final ServerTls tls;

  ConnectionPolicy(DataPlane dataPlane) {
    this.driver = dataPlane.inbound();
    this.tls = dataPlane.transport().server();
  }

  /**
   * An engine for a client that speaks TLS.
   *
   * @return null where the port has no mTLS: the application shall see the client's bytes
   * @throws SSLException when there is no own identity yet
   */
  @Nullable SSLEngine engine(NioEndpoint endpoint) throws SSLException {
    if (driver.mode(endpoint.getLocalPort()) == MtlsMode.DISABLE) {
      return null;
    }
    if (!tls.ready()) {
      tls.concluded(HandshakeResult.NOT_READY);
      throw new SSLException("no certificate of the mesh yet: TLS cannot be offered");
    }
    return tls.newEngine(Http2Offer.of(endpoint));
  }

  /**
   * Lets a client go on in plaintext.
   *
   * @throws SSLException when the port is for mTLS only
   */
  void requirePlaintext(NioEndpoint endpoint) throws SSLException {
    if (driver.mode(endpoint.getLocalPort()) == MtlsMode.STRICT) {
      tls.concluded(HandshakeResult.PLAINTEXT);
      throw new SSLException("plaintext on a port for mTLS only");
    }
    tls.acceptedPlaintext();
  }

  /** Counts a handshake that is over. */
  void concluded(HandshakeResult result) {
    tls.concluded(result);
  }

  /**
   * The client's identity; asked after every handshake, because JSSE checks no certificate when it
   * resumes a session.
   *
   * @throws SSLException when the client is not to be trusted
   */
  PeerIdentity verify(SSLEngine engine) throws SSLException {
    return tls.verify(engine);
  }

  /**
   * Has the connection ended when its client loses the trust of the mesh.
   *
   * @return to be run when the connection is closed
   */
  Runnable register(PeerIdentity peer, SocketChannel channel) {
    return tls.register(peer, () -> cut(channel));
  }

  /** Adapts Tomcat's idea of the connection to a client that comes with many requests. */
  void settle(NioEndpoint endpoint, SocketWrapperBase<?> socket, SSLEngine engine) {
    // Tomcat closes a connection whose ALPN protocol it does not know, such as our own.
    boolean http2 = Alpn.HTTP_2.equals(Alpn.negotiated(engine));
    socket.setNegotiatedProtocol(http2 ? Alpn.HTTP_2 : null);
    if (endpoint.getMaxKeepAliveRequests() > 1) {
      // The default of 100 means a handshake every 100 requests, which plaintext never felt.
      socket.setKeepAliveLeft(Integer.MAX_VALUE);
    }
  }

  /** When a connection made now has to end; spread, so that a fleet does not reconnect at once. */
  long ageLimitNanos() {
    long spread = ThreadLocalRandom.current().nextLong(MAX_AGE_NANOS / 4);
    return System.nanoTime() + MAX_AGE_NANOS - spread;
  }

  /**
   * Ends both directions, and leaves the closing to Tomcat: it sees the end as if the client had
   * left. Closing the channel here would take it from a worker that is using it, and leave Tomcat's
   * count of connections wrong.
   */
  private static void cut(SocketChannel channel) {
    try {
      channel.shutdownInput();
      channel.shutdownOutput();
    } catch (IOException e) {
      // It is closed already.
    }
  }
}
