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

  /** How a connection is secured. */
  enum Security {
    /** Mutual TLS of the mesh. */
    MTLS,
    /** TLS with a server outside the mesh. */
    TLS,
    /** Not at all. */
    PLAINTEXT
  }

  /** A TLS handshake that the agent makes is over, or was refused before it began. */
  default void handshake(Side side, HandshakeResult result) {}

  /** A connection with another instance, or from any client, is there. */
  default void opened(Side side, Security security) {}

  /** Watches nothing. */
  ConnectionObserver NONE = new ConnectionObserver() {};
}
