package dev.weft.dataplane.identity;

/**
 * Watches how connections begin; telemetry plugs in here. Whatever it throws is swallowed. Called
 * on the thread that connects or accepts, so it must not block. Thread-safe.
 */
public interface ConnectionObserver {
  /** Which side of a connection this process is. */
  enum Side {
    /** It connected. */
    OUTBOUND,
    /** It accepted. */
    INBOUND
  }

  /** A TLS handshake of the mesh is over, or was refused before it began. */
  default void handshake(Side side, HandshakeResult result) {}

  /**
   * A connection with another instance, or from any client, is there.
   *
   * @param secured with mTLS of the mesh; else in plaintext
   */
  default void opened(Side side, boolean secured) {}

  /** Watches nothing. */
  ConnectionObserver NONE = new ConnectionObserver() {};
}
