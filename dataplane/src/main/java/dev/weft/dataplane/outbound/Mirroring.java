package dev.weft.dataplane.outbound;

import dev.weft.dataplane.identity.TransportSecurity;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What copies of requests are sent with, and the sender itself, made with the first copy: most
 * meshes have no mirror. Thread-safe.
 */
public final class Mirroring {
  private final TransportSecurity transport;
  private final MirrorObserver observer;
  private final @Nullable Executor threads;
  private volatile @Nullable Mirrors made;

  private Mirroring(
      TransportSecurity transport, MirrorObserver observer, @Nullable Executor threads) {
    this.transport = transport;
    this.observer = observer;
    this.threads = threads;
  }

  /** Secured with {@code transport}, on threads {@code mesh-mirror}. */
  public static Mirroring of(TransportSecurity transport, MirrorObserver observer) {
    return new Mirroring(transport, observer, null);
  }

  /** The same on other threads. */
  static Mirroring on(Executor threads, TransportSecurity transport, MirrorObserver observer) {
    return new Mirroring(transport, observer, threads);
  }

  Mirrors sender(OutboundSide side) {
    Mirrors known = made;
    return known == null ? make(side) : known;
  }

  private synchronized Mirrors make(OutboundSide side) {
    Mirrors known = made;
    if (known == null) {
      Executor sending = threads == null ? Mirrors.daemons() : threads;
      known = side.newMirrors(transport, sending, observer);
      made = known;
    }
    return known;
  }
}
