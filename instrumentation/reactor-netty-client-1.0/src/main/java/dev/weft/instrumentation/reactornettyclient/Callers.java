package dev.weft.instrumentation.reactornettyclient;

import dev.weft.agent.extension.Bindings;
import dev.weft.dataplane.outbound.Caller;
import org.jspecify.annotations.Nullable;

/** What the thread that began a call was working for: later hops begin on an event loop. */
final class Callers {
  private static final Bindings<Caller> CALLERS = new Bindings<>();

  private Callers() {}

  /** The caller of the call that a hop belongs to, from its first hop on; null when it has none. */
  static @Nullable Caller of(Object hop) {
    Caller known = CALLERS.get(hop);
    if (known != null) {
      return known;
    }
    Caller caller = Caller.capture();
    if (caller != null) {
      CALLERS.put(hop, caller);
    }
    return caller;
  }
}
