package dev.weft.dataplane.inbound;

import dev.weft.dataplane.identity.PeerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one accepted connection: who is at the other end. A new one for each connection,
 * never reused, so that a request cannot inherit the peer of another. Immutable.
 */
public final class MeshConnection {
  /**
   * A connection without a mesh peer: plaintext, or a port where the application has its own TLS.
   */
  public static final MeshConnection UNSECURED = new MeshConnection(null, Long.MAX_VALUE);

  private final @Nullable PeerIdentity peer;
  private final long ageLimitNanos;

  private MeshConnection(@Nullable PeerIdentity peer, long ageLimitNanos) {
    this.peer = peer;
    this.ageLimitNanos = ageLimitNanos;
  }

  /**
   * A connection over mesh mTLS.
   *
   * @param ageLimitNanos when it has to end, on the clock of {@link System#nanoTime()}
   */
  public static MeshConnection secured(PeerIdentity peer, long ageLimitNanos) {
    return new MeshConnection(peer, ageLimitNanos);
  }

  /** The verified peer, null when there is none. */
  public @Nullable PeerIdentity peer() {
    return peer;
  }

  /** Whether it is time to ask the client for another connection. */
  public boolean isTooOld(long nowNanos) {
    return peer != null && nowNanos - ageLimitNanos >= 0;
  }
}
