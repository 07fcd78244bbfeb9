package dev.weft.dataplane.inbound;

import dev.weft.dataplane.identity.PeerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one accepted connection: who is at the other end, and which server it asked for.
 * A new one for each connection, never reused, so that a request cannot inherit the peer of
 * another. Immutable.
 */
public final class MeshConnection {
  /**
   * A connection without a mesh peer: plaintext, or a port where the application has its own TLS.
   */
  public static final MeshConnection UNSECURED = new MeshConnection(null, null, Long.MAX_VALUE);

  private final @Nullable PeerIdentity peer;
  private final @Nullable String serverName;
  private final long ageLimitNanos;

  private MeshConnection(
      @Nullable PeerIdentity peer, @Nullable String serverName, long ageLimitNanos) {
    this.peer = peer;
    this.serverName = serverName;
    this.ageLimitNanos = ageLimitNanos;
  }

  /**
   * A connection over mesh mTLS.
   *
   * @param serverName that the peer asked for (SNI), in lower case; null for none
   * @param ageLimitNanos when it has to end, on the clock of {@link System#nanoTime()}
   */
  public static MeshConnection secured(
      PeerIdentity peer, @Nullable String serverName, long ageLimitNanos) {
    return new MeshConnection(peer, serverName, ageLimitNanos);
  }

  /** The verified peer, null when there is none. */
  public @Nullable PeerIdentity peer() {
    return peer;
  }

  /** The server name that the peer asked for (SNI), in lower case; null when there is none. */
  public @Nullable String serverName() {
    return serverName;
  }

  /** Whether it is time to ask the client for another connection. */
  public boolean isTooOld(long nowNanos) {
    return peer != null && nowNanos - ageLimitNanos >= 0;
  }
}
