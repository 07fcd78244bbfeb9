package dev.weft.instrumentation.reactornettyclient;

import dev.weft.agent.extension.Bindings;
import dev.weft.dataplane.outbound.Caller;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * What the call of a hop is made for, from its first hop on: later ones begin on an event loop.
 * What Reactor's context says goes before what the thread says, as it came with this call.
 */
final class Callers {
  private static final Bindings<Caller> CALLERS = new Bindings<>();

  private Callers() {}

  /**
   * The caller of the call that a hop belongs to; null when it has none.
   *
   * @param context Reactor's, of whoever subscribed to the call
   */
  static @Nullable Caller of(Object hop, ContextView context) {
    Caller known = CALLERS.get(hop);
    if (known != null) {
      return known;
    }
    Object carried = context.getOrDefault(Caller.KEY, null);
    Caller caller = carried instanceof Caller ? (Caller) carried : Caller.capture();
    if (caller != null) {
      CALLERS.put(hop, caller);
    }
    return caller;
  }
}
