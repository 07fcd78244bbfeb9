package dev.weft.dataplane.inbound;

import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.identity.ServerTls;
import dev.weft.policy.snapshot.MtlsMode;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the mesh asks of a connection to a port of the application. Thread-safe. */
public final class ConnectionPolicy {
  /** How long a meshed connection may live: as long as Istio's inbound listeners let it drain. */
  public static final long MAX_AGE_NANOS = TimeUnit.MINUTES.toNanos(60);

  private final InboundDriver driver;
  private final ServerTls tls;
  private final @Nullable LongSupplier maxAgeNanos;

  /**
   * What {@code driver} and {@code tls} say.
   *
   * @param maxAgeNanos how long a meshed connection may live, asked for each; null for {@link
   *     #MAX_AGE_NANOS}
   */
  public ConnectionPolicy(InboundDriver driver, ServerTls tls, @Nullable LongSupplier maxAgeNanos) {
    this.driver = driver;
    this.tls = tls;
    this.maxAgeNanos = maxAgeNanos;
  }

  /**
   * An engine for a client that speaks TLS.
   *
   * @param port the port it came to
   * @param http2 whether the listener can speak HTTP/2 on the engine
   * @return null where the port has no mTLS: the application shall see the client's bytes
   * @throws SSLException when there is no own identity yet
   */
  public @Nullable SSLEngine engine(int port, boolean http2) throws SSLException {
    if (driver.mode(port) == MtlsMode.DISABLE) {
      return null;
    }
    if (!tls.ready()) {
      tls.concluded(HandshakeResult.NOT_READY);
      throw new SSLException("no certificate of the mesh yet: TLS cannot be offered");
    }
    return tls.newEngine(http2);
  }

  /**
   * Lets a client go on in plaintext.
   *
   * @throws SSLException when the port is for mTLS only
   */
  public void requirePlaintext(int port) throws SSLException {
    if (driver.mode(port) == MtlsMode.STRICT) {
      tls.concluded(HandshakeResult.PLAINTEXT);
      throw new SSLException("plaintext on a port for mTLS only");
    }
    tls.acceptedPlaintext();
  }

  /** Counts a handshake that is over. */
  public void concluded(HandshakeResult result) {
    tls.concluded(result);
  }

  /**
   * What is known of a connection whose handshake is over; asked after every handshake, because
   * JSSE checks no certificate when it resumes a session.
   *
   * @throws SSLException when the client is not to be trusted
   */
  public MeshConnection verify(SSLEngine engine) throws SSLException {
    return MeshConnection.secured(tls.verify(engine), tls.serverName(engine), ageLimitNanos());
  }

  /**
   * Has a connection that was verified ended when its client loses the trust of the mesh.
   *
   * @param cut ends the connection; may run on any thread, must not block
   * @return to be run when the connection is closed
   */
  public Runnable register(MeshConnection verified, Runnable cut) {
    PeerIdentity peer = verified.peer();
    return peer == null ? () -> {} : tls.register(peer, cut);
  }

  /** When a connection made now has to end; spread, so that a fleet does not reconnect at once. */
  long ageLimitNanos() {
    long most = maxAgeNanos == null ? MAX_AGE_NANOS : maxAgeNanos.getAsLong();
    long spread = most < 4 ? 0 : ThreadLocalRandom.current().nextLong(most / 4);
    return System.nanoTime() + most - spread;
  }
}
