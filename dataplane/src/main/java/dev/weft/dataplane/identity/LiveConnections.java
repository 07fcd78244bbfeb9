package dev.weft.dataplane.identity;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The mesh connections that are open, so that those of a peer that lost our trust can be closed.
 * Thread-safe; adding and removing cost one hash table operation.
 */
public final class LiveConnections {
  private final Set<Registration> open = ConcurrentHashMap.newKeySet();

  LiveConnections() {}

  /** An open connection. Remove it when it closes. */
  public final class Registration {
    private final PeerIdentity peer;
    private final Runnable close;

    private Registration(PeerIdentity peer, Runnable close) {
      this.peer = peer;
      this.close = close;
    }

    /** Forgets the connection; a second call does nothing. */
    public void remove() {
      open.remove(this);
    }

    /** Who is at the other end. */
    public PeerIdentity peer() {
      return peer;
    }
  }

  Registration add(PeerIdentity peer, Runnable close) {
    Registration registration = new Registration(peer, close);
    open.add(registration);
    return registration;
  }

  /** How many are open. */
  public int size() {
    return open.size();
  }

  /** Closes the connections whose peer is no longer trusted; returns how many. */
  int closeUnless(Trusted trusted) {
    int closed = 0;
    for (Registration registration : open) {
      if (!trusted.test(registration.peer)) {
        registration.remove();
        closed++;
        close(registration);
      }
    }
    return closed;
  }

  private static void close(Registration registration) {
    try {
      registration.close.run();
    } catch (RuntimeException e) {
      // One connection that resists must not keep the others open; its next handshake is refused.
    }
  }

  /** Whether a peer is still trusted. */
  interface Trusted {
    boolean test(PeerIdentity peer);
  }
}
