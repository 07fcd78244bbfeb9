package dev.weft.instrumentation.grpc;

import dev.weft.agent.extension.Bindings;
import dev.weft.dataplane.inbound.MeshConnection;

/**
 * Who is at the other end of a connection, as the unit of its transport says. The peer is known
 * only when the handshake is over, so it is asked for with each call. Thread-safe.
 */
public final class Connections {
  private static final Bindings<Peer> PEERS = new Bindings<>();

  private Connections() {}

  /** Knows the peer of one connection, if there is one. */
  public interface Peer {
    /** What is known now. */
    MeshConnection now();
  }

  /** Says who is asked about a transport, until {@link #forget}. */
  public static void bind(Object transport, Peer peer) {
    PEERS.put(transport, peer);
  }

  /** A transport is over. */
  public static void forget(Object transport) {
    PEERS.remove(transport);
  }

  /** What is known of a transport: nobody, where no unit knows it. */
  static MeshConnection of(Object transport) {
    Peer peer = PEERS.get(transport);
    return peer == null ? MeshConnection.UNSECURED : peer.now();
  }
}
