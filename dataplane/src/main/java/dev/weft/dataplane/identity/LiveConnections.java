package dev.weft.dataplane.identity;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The mesh connections that are open, so that those of a peer that lost our trust can be closed.
 * Thread-safe; adding and removing cost one hash table operation.
 */
public final class LiveConnections {
  private final Set<Registration> open = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Runnable> unreachable = new ReferenceQueue<>();

  LiveConnections() {}

  /** An open connection. Remove it when it closes. */
  public final class Registration {
    private final PeerIdentity peer;
    private final @Nullable Runnable close;
    private final @Nullable Reference<Runnable> weak;

    private Registration(PeerIdentity peer, Runnable close, boolean weakly) {
      this.peer = peer;
      this.close = weakly ? null : close;
      this.weak = weakly ? new Forgotten(close, this) : null;
    }

    /** Forgets the connection; a second call does nothing. */
    public void remove() {
      open.remove(this);
    }

    /** Who is at the other end. */
    public PeerIdentity peer() {
      return peer;
    }

    private @Nullable Runnable closer() {
      return weak == null ? close : weak.get();
    }
  }

  /** Brings back the registration of a connection that nobody can reach any more. */
  private final class Forgotten extends WeakReference<Runnable> {
    private final Registration registration;

    Forgotten(Runnable close, Registration registration) {
      super(close, unreachable);
      this.registration = registration;
    }
  }

  /** Registers a connection until it is removed. */
  Registration add(PeerIdentity peer, Runnable close) {
    return register(new Registration(peer, close, false));
  }

  /**
   * Registers a connection until it is removed or {@code close}, which the connection must hold, is
   * no longer reachable: applications forget to close connections, and we must not keep those.
   */
  Registration addWeakly(PeerIdentity peer, Runnable close) {
    return register(new Registration(peer, close, true));
  }

  private Registration register(Registration registration) {
    for (Reference<?> gone = unreachable.poll(); gone != null; gone = unreachable.poll()) {
      ((Forgotten) gone).registration.remove();
    }
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
    Runnable closer = registration.closer();
    if (closer == null) {
      return;
    }
    try {
      closer.run();
    } catch (RuntimeException e) {
      // One connection that resists must not keep the others open; its next handshake is refused.
    }
  }

  /** Whether a peer is still trusted. */
  interface Trusted {
    boolean test(PeerIdentity peer);
  }
}
