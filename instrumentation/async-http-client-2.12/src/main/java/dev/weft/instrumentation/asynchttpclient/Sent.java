package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.Bindings;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.Caller;
import org.jspecify.annotations.Nullable;

/**
 * What is sent with a future of the library. Refers to the hop, and by it to the future, only until
 * the hop is over. Thread-safe.
 */
final class Sent {
  private static final Bindings<Sent> SENT = new Bindings<>();

  private final @Nullable Caller caller;
  private volatile @Nullable Hop hop;
  private volatile @Nullable Attempt attempt;

  private Sent(@Nullable Caller caller) {
    this.caller = caller;
  }

  /** What is sent with a future; null when the mesh has no part in it. */
  static @Nullable Sent of(@Nullable Object future) {
    return future == null ? null : SENT.get(future);
  }

  /** For the next hop that is sent with a future. */
  static Sent next(Object future) {
    Sent before = SENT.get(future);
    Sent next = new Sent(before == null ? Caller.capture() : before.caller);
    SENT.put(future, next);
    return next;
  }

  /** The next hop that is sent with a future goes out of the mesh; the caller stays known. */
  static void leave(Object future) {
    if (SENT.get(future) != null) {
      next(future);
    }
  }

  /** What the thread that began the call was working for. */
  @Nullable Caller caller() {
    return caller;
  }

  /** The hop that the driver decides on, null when it is decided. */
  @Nullable Hop hop() {
    return hop;
  }

  /** The attempt whose channel the future has or had, null before the first. */
  @Nullable Attempt attempt() {
    return attempt;
  }

  void begin(Hop begun) {
    hop = begun;
  }

  void sends(Attempt next) {
    attempt = next;
  }

  void over() {
    hop = null;
  }
}
